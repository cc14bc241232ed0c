// The fields of a card, each shown and changed by its descriptor, and its stages.
import { useState } from 'preact/hooks'
import { rest } from '../base/rest'
import { touch, useRead } from '../base/store'
import { shown, stagesOf, typeOf, type Choice, type Field, type Item } from '../base/types'
import { words as common } from '../base/words'
import { appTypeOf } from '../apps/field'
import { canEdit, Editor, Value } from '../pieces/field'
import { Icon } from '../pieces/icon'
import { filesToRest } from '../pieces/values'
import { attempt, say } from '../pieces/toast'
import { moveItem } from '../list/board'
import { words } from './words'

export async function saveField(typeId: number, id: number, name: string, value: unknown): Promise<void> {
  await rest('crm.item.update', { entityTypeId: typeId, id, useOriginalUfNames: 'Y', fields: { [name]: filesToRest(value) } })
  touch(String(typeId), `${typeId}:${id}`)
}

interface Props {
  typeId: number
  item: Item
  fields: Field[]
}

function FieldRow({ typeId, item, field }: { typeId: number; item: Item; field: Field }) {
  const [draft, setDraft] = useState<{ value: unknown } | null>(null)
  const [busy, setBusy] = useState(false)
  const before = item[field.name]
  async function submit(event: SubmitEvent) {
    event.preventDefault()
    setBusy(true)
    const done = await attempt(async () => {
      await saveField(typeId, item.id, field.name, draft?.value ?? '')
      // A file that was taken out is gone.
      const undo = field.type === 'file' ? undefined : () => saveField(typeId, item.id, field.name, before ?? '')
      say(`${words.saved}: ${field.title}`, undo)
    })
    setBusy(false)
    if (done) setDraft(null)
  }
  if (draft)
    return (
      <form class="field editing" onSubmit={submit} onKeyDown={event => event.key === 'Escape' && setDraft(null)}>
        <span class="label">{field.title}</span>
        <Editor field={field} typeId={typeId} item={item} value={draft.value} set={value => setDraft({ value })} />
        <p class="buttons">
          <button disabled={busy}>{common.save}</button>
          <button type="button" class="plain" onClick={() => setDraft(null)}>{common.cancel}</button>
        </p>
      </form>
    )
  return (
    <div class="field">
      <span class="label">{field.title}</span>
      <span class="value"><Value field={field} typeId={typeId} item={item} frames /></span>
      {canEdit(field) && (
        <button class="bare pen" aria-label={`${common.edit}: ${field.title}`} onClick={() => setDraft({ value: before })}>
          <Icon name="pen" />
        </button>
      )}
    </div>
  )
}

const isEmpty = (value: unknown) => value === null || value === undefined || value === '' || value === 0 || (Array.isArray(value) && !value.length)

export function Details({ typeId, item, fields }: Props) {
  const [all, setAll] = useState(false)
  const rows = shown(fields).filter(field => field.name !== 'id' && field.name !== 'stageId')
  return (
    <section class="panel" aria-labelledby="details">
      <h2 id="details">{words.details}</h2>
      {rows.filter(field => all || !isEmpty(item[field.name]) || appTypeOf(field)).map(field => <FieldRow key={field.name} typeId={typeId} item={item} field={field} />)}
      <button class="plain small" aria-expanded={all} onClick={() => setAll(!all)}>{all ? words.hideEmpty : words.empty}</button>
    </section>
  )
}

// ---- phones, e-mails ----

export interface Fm {
  id: number
  typeId: string
  value: string
  valueType: string
}

export function Communications({ item }: { item: Item }) {
  const all = (item.fm as Fm[] | undefined) ?? []
  if (!all.length) return null
  return (
    <section class="panel" aria-labelledby="communications">
      <h2 id="communications">{words.communications}</h2>
      {all.map(one => (
        <div class="field" key={one.id}>
          <span class="label">{one.typeId.toLowerCase()} · {one.valueType.toLowerCase()}</span>
          <span class="value">
            {one.typeId === 'EMAIL' ? <a href={`mailto:${one.value}`}>{one.value}</a>
              : one.typeId === 'PHONE' ? <a href={`tel:${one.value.replace(/[^+\d]/g, '')}`}>{one.value}</a>
              : one.value}
          </span>
        </div>
      ))}
    </section>
  )
}

// ---- stages ----

export function StageBar({ typeId, item }: { typeId: number; item: Item }) {
  const funnel = Number(item.categoryId ?? 0)
  const read = useRead(`stages ${typeId} ${funnel}`, [], () => stagesOf(typeId, funnel))
  const stages: Choice[] = read.data ?? []
  const at = stages.findIndex(stage => stage.id === item.stageId)
  const here = stages[at]
  return (
    <div class="stagebar" role="group" aria-label={`${words.stages}: ${typeOf(typeId).one}`}>
      {stages.map((stage, i) => (
        <button
          key={stage.id} type="button" aria-current={stage.id === item.stageId ? 'step' : undefined} title={stage.title}
          class={`${i <= at && (stage.semantics === 'P' || i === at) ? 'past' : ''} ${stage.semantics === 'F' ? 'lost' : stage.semantics === 'S' ? 'won' : ''}`}
          ref={button => button?.style.setProperty('--stage', (i <= at ? here?.color : stage.color) ?? '')}
          onClick={() => void moveItem(typeId, item.id, String(item.stageId), stage)}
        >
          {stage.title}
        </button>
      ))}
    </div>
  )
}
