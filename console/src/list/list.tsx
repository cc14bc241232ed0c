// Rows of one type: columns by their descriptors, filters, sorting; more rows come as one scrolls.
import { useEffect, useRef, useState } from 'preact/hooks'
import { go, href, keep } from '../base/router'
import { call } from '../base/rest'
import { codeOf, PlaceButtons, placeItems, usePlaces } from '../apps/places'
import { touch, useRead } from '../base/store'
import { fieldsOf, listParams, shown, titleOf, typeOf, NAMES, type Field, type Item } from '../base/types'
import { showNumber } from '../base/format'
import { words as common } from '../base/words'
import { Icon } from '../pieces/icon'
import { Value } from '../pieces/field'
import { Dialog, Empty, Menu, Reading, Tabs } from '../pieces/pieces'
import type { ScreenProps } from '../screens'
import { filterOf, orderOf, readChoice } from './choice'
import { Filters } from './filters'
import { NewItem } from './new'
import { words } from './words'

const PAGE = 50
const FIRST = ['stageId', 'opportunity', 'companyId', 'contactIds', 'phone', 'post', 'assignedById', 'createdTime']

function columnsOf(typeId: number, fields: Field[]): string[] {
  const kept = localStorage.getItem(`columns ${typeId}`)
  const known = new Set(fields.map(field => field.name))
  if (kept) return kept.split(',').filter(name => known.has(name))
  return FIRST.filter(name => known.has(name)).slice(0, 6)
}

function Columns({ typeId, fields, chosen, close }: { typeId: number; fields: Field[]; chosen: string[]; close: (names: string[]) => void }) {
  const [names, setNames] = useState(chosen)
  const flip = (name: string) => setNames(names.includes(name) ? names.filter(other => other !== name) : [...names, name])
  return (
    <Dialog title={words.columns} onClose={() => close(chosen)}>
      <form
        onSubmit={event => {
          event.preventDefault()
          localStorage.setItem(`columns ${typeId}`, names.join())
          close(names)
        }}
      >
        <div class="checks">
          {shown(fields).filter(field => field.name !== 'id' && field.name !== 'title').map(field => (
            <label key={field.name}>
              <input type="checkbox" checked={names.includes(field.name)} onChange={() => flip(field.name)} /> {field.title}
            </label>
          ))}
        </div>
        <button>{common.save}</button>
      </form>
    </Dialog>
  )
}

function Heading({ field, sort }: { field: Field; sort: string }) {
  const name = sort.replace(/^-/, ''), down = sort.startsWith('-')
  const here = name === field.name
  return (
    <th scope="col" aria-sort={here ? (down ? 'descending' : 'ascending') : undefined}>
      {field.isMultiple ? field.title : (
        <button class="bare" onClick={() => keep('sort', here && !down ? `-${field.name}` : field.name)}>
          {field.title}{here && <span aria-hidden="true">{down ? ' ↓' : ' ↑'}</span>}
        </button>
      )}
    </th>
  )
}

interface Page {
  items: Item[]
  total: number
}

async function readPage(typeId: number, filter: object, order: object, select: string[], pages: number): Promise<Page> {
  const items: Item[] = []
  let total = 0
  for (let page = 0; page < pages; page++) {
    const answer = await call<{ items: Item[] }>('crm.item.list', listParams(typeId, { filter, order, select, start: page * PAGE }))
    items.push(...answer.result.items)
    total = answer.total ?? items.length
    if (answer.result.items.length < PAGE) break
  }
  return { items, total }
}

// Asks for more when its end comes into sight.
function More({ more }: { more: () => void }) {
  const at = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    const watch = new IntersectionObserver(seen => seen[0]?.isIntersecting && more(), { rootMargin: '400px' })
    if (at.current) watch.observe(at.current)
    return () => watch.disconnect()
  })
  return <button ref={at} class="plain" onClick={more}>{common.more}</button>
}

export default function ListScreen({ args, query }: ScreenProps) {
  const typeId = Number(args[0] ?? 2), type = typeOf(typeId)
  const choice = readChoice(query)
  const [pages, setPages] = useState(1)
  const [columns, setColumns] = useState<string[] | null>(null)
  const [asks, setAsks] = useState<'columns' | 'new' | null>(null)
  const fields = useRead(`fields ${typeId}`, [], () => fieldsOf(typeId))
  const names = columns ?? (fields.data ? columnsOf(typeId, fields.data) : [])
  const shownFields = names.map(name => fields.data?.find(field => field.name === name)).filter((field): field is Field => field !== undefined)
  const choiceKey = JSON.stringify(choice)
  useEffect(() => setPages(1), [choiceKey])
  const select = [...NAMES, ...names, ...(names.includes('opportunity') ? ['currencyId'] : []), ...(type.stages ? ['categoryId'] : [])]
  const key = fields.data ? JSON.stringify(['list', typeId, choice, select, pages]) : null
  const kept = useRef<Page>()
  const read = useRead(key, [String(typeId)], () => readPage(typeId, filterOf(typeId, choice), orderOf(choice), select, pages))
  if (read.data) kept.current = read.data
  const data = read.data ?? (pages > 1 ? kept.current : undefined)
  const tools = usePlaces(codeOf(typeId, 'LIST_TOOLBAR')), menu = usePlaces(codeOf(typeId, 'LIST_MENU'))
  return (
    <>
      <div class="head">
        <h1>{type.title} {data && <small>{showNumber(data.total)}</small>}</h1>
        {type.stages && <Tabs label={words.view} chosen="list" choose={() => go(href('board', typeId))} tabs={[{ id: 'list', title: words.list }, { id: 'board', title: words.board }]} />}
        <PlaceButtons places={tools} options={{}} again={() => touch(String(typeId))} />
        <button class="plain" onClick={() => setAsks('columns')}><Icon name="columns" /> {words.columns}</button>
        <button onClick={() => setAsks('new')}><Icon name="plus" /> {type.one}</button>
      </div>
      <Filters typeId={typeId} choice={choice} board={false} />
      <Reading read={{ ...read, data, error: read.error ?? fields.error }}>
        {() => !data!.items.length ? <Empty>{words.empty}</Empty> : (
          <div class="wide">
            <table>
              <thead>
                <tr>
                  <Heading sort={choice.sort} field={{ name: 'id', title: 'ID' } as Field} />
                  <Heading sort={choice.sort} field={{ name: type.person ? 'lastName' : 'title', title: type.one } as Field} />
                  {shownFields.map(field => <Heading key={field.name} sort={choice.sort} field={field} />)}
                  {menu.length > 0 && <td />}
                </tr>
              </thead>
              <tbody>
                {data!.items.map(item => (
                  <tr key={item.id}>
                    <td class="soft">{item.id}</td>
                    <th scope="row"><a href={href('card', typeId, item.id)}>{titleOf(type, item)}</a></th>
                    {shownFields.map(field => <td key={field.name}><Value field={field} typeId={typeId} item={item} /></td>)}
                    {menu.length > 0 && <td><Menu label={`${common.menu}: ${titleOf(type, item)}`} items={placeItems(menu, { ID: String(item.id) }, () => touch(String(typeId)))} /></td>}
                  </tr>
                ))}
              </tbody>
            </table>
            {data!.items.length < data!.total && <More more={() => !read.busy && setPages(pages + 1)} />}
          </div>
        )}
      </Reading>
      {asks === 'columns' && fields.data && <Columns typeId={typeId} fields={fields.data} chosen={names} close={now => (setColumns(now), setAsks(null))} />}
      {asks === 'new' && fields.data && <NewItem typeId={typeId} fields={fields.data} close={() => setAsks(null)} />}
    </>
  )
}
