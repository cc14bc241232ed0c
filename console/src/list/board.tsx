// The kanban of a funnel: a column a stage. A row is dragged, or moved by its menu; both have their undo.
import { useState } from 'preact/hooks'
import { showMoney, showNumber } from '../base/format'
import { each, rest } from '../base/rest'
import { go, href } from '../base/router'
import { touch, useRead } from '../base/store'
import { funnels, listParams, NAMES, stagesOf, titleOf, typeOf, type Choice as Stage, type Item } from '../base/types'
import { words as common } from '../base/words'
import { CardLink, Menu, Name, Reading, Tabs } from '../pieces/pieces'
import { attempt, say } from '../pieces/toast'
import type { ScreenProps } from '../screens'
import { filterOf, readChoice, type Choice } from './choice'
import { Filters } from './filters'
import { words } from './words'

interface Column {
  stage: Stage
  items: Item[]
  total: number
}

const SELECT = [...NAMES, 'stageId', 'opportunity', 'currencyId', 'companyId', 'assignedById']

async function readBoard(typeId: number, choice: Choice, pages: Record<string, number>): Promise<Column[]> {
  const type = typeOf(typeId)
  const funnel = Number(choice.funnel || (type.funnels ? (await funnels(typeId))[0]?.id : 0) || 0)
  const stages = await stagesOf(typeId, funnel)
  const filter = { ...filterOf(typeId, { ...choice, stage: '', funnel: '' }) }
  const calls = stages.flatMap(stage =>
    Array.from({ length: pages[stage.id] ?? 1 }, (_, page) => ({
      stage,
      call: ['crm.item.list', listParams(typeId, { filter: { ...filter, stageId: stage.id }, order: { id: 'DESC' }, select: SELECT, start: page * 50 })] as [string, Record<string, unknown>]
    }))
  )
  const outcomes = await each(calls.map(one => one.call))
  const wrong = outcomes.find(one => one.error)?.error
  if (wrong) throw wrong
  const columns = stages.map((stage): Column => ({ stage, items: [], total: 0 }))
  calls.forEach(({ stage }, i) => {
    const column = columns.find(one => one.stage === stage)!
    column.items.push(...(outcomes[i]!.result as { items: Item[] }).items)
    column.total = outcomes[i]!.total ?? column.items.length
  })
  return columns
}

async function setStage(typeId: number, id: number, stage: string): Promise<void> {
  await rest('crm.item.update', { entityTypeId: typeId, id, fields: { stageId: stage } })
  touch(String(typeId), `${typeId}:${id}`)
}

export async function moveItem(typeId: number, id: number, from: string, to: Stage): Promise<void> {
  if (from === to.id) return
  await attempt(async () => {
    await setStage(typeId, id, to.id)
    say(words.moved(to.title), () => setStage(typeId, id, from))
  })
}

interface ColumnProps {
  typeId: number
  column: Column
  stages: Stage[]
  more: () => void
}

function Cards({ typeId, column, stages, more }: ColumnProps) {
  const [over, setOver] = useState(false)
  const type = typeOf(typeId)
  const { stage } = column
  return (
    <section
      class={over ? 'stage over' : 'stage'} aria-labelledby={`stage-${stage.id}`}
      onDragOver={event => (event.preventDefault(), setOver(true))}
      onDragLeave={() => setOver(false)}
      onDrop={event => {
        event.preventDefault()
        setOver(false)
        const [id, from = ''] = event.dataTransfer?.getData('text/plain').split(' ') ?? []
        if (id) void moveItem(typeId, Number(id), from, stage)
      }}
    >
      <h2 id={`stage-${stage.id}`}>
        <span class="mark" ref={mark => mark?.style.setProperty('--stage', stage.color ?? '')} /> {stage.title} <small>{showNumber(column.total)}</small>
      </h2>
      <ul>
        {column.items.map(item => (
          <li key={item.id} class="tile" draggable onDragStart={event => event.dataTransfer?.setData('text/plain', `${item.id} ${String(item.stageId)}`)}>
            <div class="tile-head">
              <a href={href('card', typeId, item.id)}>{titleOf(type, item)}</a>
              <Menu
                label={`${words.moveTo}: ${titleOf(type, item)}`}
                items={stages.filter(other => other.id !== stage.id).map(other => ({ title: other.title, act: () => void moveItem(typeId, item.id, stage.id, other) }))}
              />
            </div>
            {Boolean(item.opportunity) && <div>{showMoney(Number(item.opportunity), String(item.currencyId ?? ''))}</div>}
            {Number(item.companyId) > 0 && <div><CardLink typeId={4} id={Number(item.companyId)} /></div>}
            <small><Name of={0} id={Number(item.assignedById)} /></small>
          </li>
        ))}
      </ul>
      {column.items.length < column.total && <button class="plain" onClick={more}>{common.more}</button>}
    </section>
  )
}

export default function Board({ args, query }: ScreenProps) {
  const typeId = Number(args[0] ?? 2), type = typeOf(typeId)
  const choice = readChoice(query)
  const [pages, setPages] = useState<Record<string, number>>({})
  const read = useRead(JSON.stringify(['board', typeId, choice, pages]), [String(typeId)], () => readBoard(typeId, choice, pages))
  if (!type.stages) return <p class="note">{words.noStages}</p>
  const stages = read.data?.map(column => column.stage) ?? []
  return (
    <>
      <div class="head">
        <h1>{type.title}</h1>
        <Tabs label={words.view} chosen="board" choose={() => go(href('list', typeId))} tabs={[{ id: 'list', title: words.list }, { id: 'board', title: words.board }]} />
      </div>
      <Filters typeId={typeId} choice={choice} board />
      <Reading read={read}>
        {() => (
          <div class="board" tabIndex={0} role="region" aria-label={type.title}>
            {read.data!.map(column => (
              <Cards
                key={column.stage.id} typeId={typeId} column={column} stages={stages}
                more={() => setPages({ ...pages, [column.stage.id]: (pages[column.stage.id] ?? 1) + 1 })}
              />
            ))}
          </div>
        )}
      </Reading>
    </>
  )
}
