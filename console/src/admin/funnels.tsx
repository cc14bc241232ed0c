// Funnels with their stages, and smart processes.
import { useState } from 'preact/hooks'
import { rest } from '../base/rest'
import { keep } from '../base/router'
import { touch, useRead } from '../base/store'
import { forgetDirectories, readTypes, stageDirectory, types } from '../base/types'
import { words as common } from '../base/words'
import { Dialog, Empty, Reading } from '../pieces/pieces'
import { attempt, say } from '../pieces/toast'
import type { ScreenProps } from '../screens'
import { words } from './words'

interface Category {
  id: number
  name: string
  isDefault: string
}

interface Status {
  ID: string
  STATUS_ID: string
  NAME: string
  SORT: string
  COLOR: string | null
  SEMANTICS: string | null
  SYSTEM: string
}

function changed(): void {
  forgetDirectories()
  touch('*')
}

function Stages({ typeId, funnel }: { typeId: number; funnel: number }) {
  const entityId = stageDirectory(typeId, funnel)
  const read = useRead(`statuses ${entityId}`, ['statuses'], () => rest<Status[]>('crm.status.list', { filter: { ENTITY_ID: entityId }, order: { SORT: 'ASC' } }))
  async function add(event: SubmitEvent) {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const given = new FormData(form)
    const before = (read.data ?? []).filter(stage => !stage.SEMANTICS).at(-1)
    const fields = {
      ENTITY_ID: entityId, NAME: given.get('name'), COLOR: given.get('color'), SORT: Number(before?.SORT ?? 0) + 5, STATUS_ID: `S${Date.now().toString(36).toUpperCase()}`
    }
    if (await attempt(() => rest('crm.status.add', { fields }))) {
      form.reset()
      changed()
    }
  }
  const rename = (stage: Status, fields: Record<string, unknown>) => void attempt(() => rest('crm.status.update', { id: stage.ID, fields })).then(done => done && changed())
  return (
    <Reading read={read}>
      {() => (
        <>
          <ul class="plain-list">
            {read.data!.map(stage => (
              <li key={stage.ID} class="row">
                <input type="color" aria-label={`${words.color}: ${stage.NAME}`} value={/^#[0-9a-f]{6}$/i.test(stage.COLOR ?? '') ? stage.COLOR! : '#888888'} onChange={event => rename(stage, { COLOR: event.currentTarget.value })} />
                <input aria-label={`${words.title}: ${stage.NAME}`} value={stage.NAME} onChange={event => rename(stage, { NAME: event.currentTarget.value })} />
                <small class="soft">{stage.SEMANTICS === 'S' ? words.won : stage.SEMANTICS === 'F' ? words.lost : ''} <code>{stage.STATUS_ID}</code></small>
                {stage.SYSTEM !== 'Y' && (
                  <button class="plain small" onClick={() => void attempt(() => rest('crm.status.delete', { id: stage.ID })).then(done => done && (changed(), say(words.removed)))}>{common.remove}</button>
                )}
              </li>
            ))}
          </ul>
          <form class="inline" onSubmit={add}>
            <label><span>{words.newStage}</span><input name="name" required /></label>
            <label><span>{words.color}</span><input name="color" type="color" value="#39a8ef" /></label>
            <button>{common.add}</button>
          </form>
        </>
      )}
    </Reading>
  )
}

function FunnelPanel({ typeId, funnel }: { typeId: number; funnel: string }) {
  const type = types.value.find(one => one.id === typeId)
  const read = useRead(type?.funnels ? `categories ${typeId}` : null, ['categories'], () => rest<{ categories: Category[] }>('crm.category.list', { entityTypeId: typeId }))
  const all = read.data?.categories ?? []
  const chosen = Number(funnel || all.find(one => one.isDefault === 'Y')?.id || all[0]?.id || 0)
  async function add(event: SubmitEvent) {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const name = new FormData(form).get('name')
    if (await attempt(() => rest('crm.category.add', { entityTypeId: typeId, fields: { name } }))) {
      form.reset()
      changed()
    }
  }
  return (
    <section class="panel" aria-labelledby="stages">
      <h2 id="stages">{words.stages}</h2>
      {type?.funnels && (
        <>
          <label>
            <span>{words.funnel}</span>
            <select value={chosen} onChange={event => keep('funnel', event.currentTarget.value)}>
              {all.map(one => <option key={one.id} value={one.id}>{one.name}</option>)}
            </select>
          </label>
          <form class="inline" onSubmit={add}>
            <label><span>{words.newFunnel}</span><input name="name" required /></label>
            <button>{common.add}</button>
          </form>
        </>
      )}
      {(!type?.funnels || read.data) && <Stages key={`${typeId} ${chosen}`} typeId={typeId} funnel={chosen} />}
    </section>
  )
}

interface SmartType {
  id: number
  title: string
  entityTypeId: number
}

function SmartTypes() {
  const read = useRead('smart types', ['types'], () => rest<{ types: SmartType[] }>('crm.type.list', { order: { id: 'ASC' } }))
  const [asks, setAsks] = useState<SmartType | null>(null)
  const again = () => {
    changed()
    void readTypes()
  }
  async function add(event: SubmitEvent) {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const given = new FormData(form), flag = (name: string) => (given.get(name) ? 'Y' : 'N')
    const fields = { title: given.get('title'), isStagesEnabled: flag('stages'), isCategoriesEnabled: flag('funnels'), isLinkWithProductsEnabled: flag('products'), isClientEnabled: 'Y' }
    if (await attempt(() => rest('crm.type.add', { fields }))) {
      form.reset()
      again()
    }
  }
  return (
    <section class="panel" aria-labelledby="smart">
      <h2 id="smart">{words.smart}</h2>
      <Reading read={read}>
        {() => !read.data!.types.length ? <Empty>{words.noTypes}</Empty> : (
          <ul class="plain-list">
            {read.data!.types.map(type => (
              <li key={type.id} class="row">
                <a href={`#/list/${type.entityTypeId}`}>{type.title}</a> <small class="soft">{words.number} {type.entityTypeId}</small>
                <button class="plain small" onClick={() => setAsks(type)}>{common.remove}</button>
              </li>
            ))}
          </ul>
        )}
      </Reading>
      <form class="inline" onSubmit={add}>
        <label><span>{words.newType}</span><input name="title" required /></label>
        <label class="check"><input type="checkbox" name="stages" checked /> {words.withStages}</label>
        <label class="check"><input type="checkbox" name="funnels" /> {words.withFunnels}</label>
        <label class="check"><input type="checkbox" name="products" /> {words.withProducts}</label>
        <button>{common.add}</button>
      </form>
      {asks && (
        <Dialog title={asks.title} onClose={() => setAsks(null)}>
          <p>{words.sure}</p>
          <p class="buttons">
            <button class="danger" onClick={() => void attempt(() => rest('crm.type.delete', { id: asks.id })).then(done => (setAsks(null), done && again()))}>{common.remove}</button>
            <button class="plain" onClick={() => setAsks(null)}>{common.cancel}</button>
          </p>
        </Dialog>
      )}
    </section>
  )
}

export default function Funnels({ query }: ScreenProps) {
  const typeId = Number(query.get('of') || 2)
  return (
    <>
      <h1>{words.funnels}</h1>
      <form class="filters">
        <label>
          <span>{words.of}</span>
          <select value={typeId} onChange={event => (keep('funnel', ''), keep('of', event.currentTarget.value))}>
            {types.value.filter(type => type.stages).map(type => <option key={type.id} value={type.id}>{type.title}</option>)}
          </select>
        </label>
      </form>
      <FunnelPanel key={typeId} typeId={typeId} funnel={query.get('funnel') ?? ''} />
      <SmartTypes />
    </>
  )
}
