// A card: what a row is, what belongs to it, and its timeline.
import { useState } from 'preact/hooks'
import { each, rest } from '../base/rest'
import { go, href } from '../base/router'
import { touch, useRead } from '../base/store'
import { fieldsOf, titleOf, typeOf, type Field, type Item } from '../base/types'
import { words as common } from '../base/words'
import { codeOf, PlaceButtons, PlaceTabs, usePlaces } from '../apps/places'
import { Dialog, Menu, Reading } from '../pieces/pieces'
import { attempt, say } from '../pieces/toast'
import type { ScreenProps } from '../screens'
import { Communications, Details, StageBar, type Fm } from './details'
import { Linked, Products } from './linked'
import { Timeline } from './timeline'
import { words } from './words'

interface Card {
  item: Item
  fields: Field[]
  phones: string[]
}

async function readCard(typeId: number, id: number): Promise<Card> {
  const [fields, { item }] = await Promise.all([fieldsOf(typeId), rest<{ item: Item }>('crm.item.get', { entityTypeId: typeId, id, useOriginalUfNames: 'Y' })])
  const people = [...new Set((item.contactIds as number[] | undefined) ?? [])].slice(0, 10).map(contact => ({ entityTypeId: 3, id: contact }))
  if (Number(item.companyId)) people.push({ entityTypeId: 4, id: Number(item.companyId) })
  const others = people.length ? await each(people.map(one => ['crm.item.get', one])) : []
  const all = [item, ...others.map(one => (one.result as { item?: Item } | undefined)?.item)].flatMap(one => (one?.fm as Fm[] | undefined) ?? [])
  return { item, fields, phones: all.filter(one => one.typeId === 'PHONE' || one.typeId === 'EMAIL').map(one => one.value) }
}

export default function CardScreen({ args }: ScreenProps) {
  const typeId = Number(args[0]), id = Number(args[1]), type = typeOf(typeId)
  const [asks, setAsks] = useState(false)
  const read = useRead(`card ${typeId} ${id}`, [`${typeId}:${id}`], () => readCard(typeId, id))
  const tools = usePlaces(codeOf(typeId, 'DETAIL_TOOLBAR')), tabs = usePlaces(codeOf(typeId, 'DETAIL_TAB'))
  const again = () => touch(`${typeId}:${id}`), options = { ID: String(id) }
  async function remove() {
    const done = await attempt(() => rest('crm.item.delete', { entityTypeId: typeId, id }))
    setAsks(false)
    if (!done) return
    touch(String(typeId))
    say(words.removed)
    go(href('list', typeId))
  }
  return (
    <Reading read={read}>
      {() => {
        const { item, fields, phones } = read.data!
        return (
          <>
            <div class="head">
              <div>
                <small><a href={href('list', typeId)}>{type.title}</a> · {id}</small>
                <h1>{titleOf(type, item)}</h1>
              </div>
              <PlaceButtons places={tools} options={options} again={again} />
              <Menu label={common.menu} items={[{ title: words.removeItem, wrong: true, act: () => setAsks(true) }]} />
            </div>
            {type.stages && <StageBar typeId={typeId} item={item} />}
            <div class="card">
              <div class="about">
                <Communications item={item} />
                <Details typeId={typeId} item={item} fields={fields} />
                {type.products && <Products typeId={typeId} item={item} />}
                <Linked typeId={typeId} id={id} />
                <PlaceTabs key={`${typeId}:${id}`} places={tabs} options={options} again={again} />
              </div>
              <Timeline key={`${typeId}:${id}`} typeId={typeId} id={id} phones={phones} />
            </div>
            {asks && (
              <Dialog title={words.sure} onClose={() => setAsks(false)}>
                <p>{titleOf(type, item)}</p>
                <p class="buttons">
                  <button class="danger" onClick={() => void remove()}>{words.removeItem}</button>
                  <button class="plain" onClick={() => setAsks(false)}>{common.cancel}</button>
                </p>
              </Dialog>
            )}
          </>
        )
      }}
    </Reading>
  )
}
