// Custom fields of each type of object.
import { useState } from 'preact/hooks'
import { call, rest } from '../base/rest'
import { keep } from '../base/router'
import { touch, useRead } from '../base/store'
import { forgetDirectories, types } from '../base/types'
import { language, words as common } from '../base/words'
import { Dialog, Empty, Reading } from '../pieces/pieces'
import { attempt, say } from '../pieces/toast'
import type { ScreenProps } from '../screens'
import { words } from './words'

interface Row {
  id: number
  fieldName: string
  userTypeId: string
  multiple: string
  mandatory: string
  editFormLabel?: Record<string, string> | null
}

// What custom fields call the type they belong to.
async function readEntities(): Promise<Record<number, string>> {
  const cores: Record<number, string> = { 1: 'CRM_LEAD', 2: 'CRM_DEAL', 3: 'CRM_CONTACT', 4: 'CRM_COMPANY', 7: 'CRM_QUOTE', 31: 'CRM_SMART_INVOICE' }
  const { types: own } = await rest<{ types: { id: number; entityTypeId: number }[] }>('crm.type.list')
  return { ...cores, ...Object.fromEntries(own.map(type => [type.entityTypeId, `CRM_${type.id}`])) }
}

async function readFields(entityId: string): Promise<Row[]> {
  const rows: Row[] = []
  for (let start: number | undefined = 0; start !== undefined; ) {
    const answer: { result: { fields: Row[] }; next?: number } = await call('userfieldconfig.list', {
      moduleId: 'crm', filter: { entityId }, order: { id: 'ASC' }, select: { 0: '*', language: language }, start
    })
    rows.push(...answer.result.fields)
    start = answer.next
  }
  return rows
}

function NewField({ entityId, close }: { entityId: string; close: () => void }) {
  const kinds = useRead('field kinds', [], () => rest<{ ID: string; title: string }[]>('crm.userfield.types'))
  const [type, setType] = useState('string')
  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const given = new FormData(event.currentTarget as HTMLFormElement)
    const label = String(given.get('label'))
    const choices = String(given.get('choices') ?? '').split('\n').map(line => line.trim()).filter(Boolean)
    const done = await attempt(() =>
      rest('userfieldconfig.add', {
        moduleId: 'crm',
        field: {
          entityId, fieldName: `UF_${entityId.startsWith('CRM_') && /\d$/.test(entityId) ? entityId : 'CRM'}_${String(given.get('name')).toUpperCase()}`, userTypeId: type, multiple: given.get('multiple') ? 'Y' : 'N', mandatory: given.get('mandatory') ? 'Y' : 'N',
          editFormLabel: { en: label, ru: label }, ...(type === 'enumeration' ? { enum: choices.map((value, i) => ({ value, sort: (i + 1) * 10 })) } : {})
        }
      })
    )
    if (!done) return
    forgetDirectories()
    touch('userfields', '*')
    say(words.added)
    close()
  }
  return (
    <Dialog title={words.add} onClose={close}>
      <form onSubmit={submit}>
        <label><span>{words.label}</span><input name="label" required autofocus /></label>
        <label><span>{words.name}</span><input name="name" required pattern="[A-Za-z0-9_]+" /></label>
        <label>
          <span>{words.type}</span>
          <select value={type} onChange={event => setType(event.currentTarget.value)}>
            {kinds.data?.map(kind => <option key={kind.ID} value={kind.ID}>{kind.title}</option>)}
          </select>
        </label>
        {type === 'enumeration' && <label><span>{words.choices}</span><textarea name="choices" rows={4} required /></label>}
        <label class="check"><input type="checkbox" name="multiple" /> {words.multiple}</label>
        <label class="check"><input type="checkbox" name="mandatory" /> {words.mandatory}</label>
        <button>{common.add}</button>
      </form>
    </Dialog>
  )
}

export default function Fields({ query }: ScreenProps) {
  const typeId = Number(query.get('of') || 2)
  const entities = useRead('field entities', ['types'], readEntities)
  const entityId = entities.data?.[typeId]
  const read = useRead(entityId ? `userfields ${entityId}` : null, ['userfields'], () => readFields(entityId!))
  const [asks, setAsks] = useState<Row | 'new' | null>(null)
  async function remove(row: Row) {
    setAsks(null)
    if (!(await attempt(() => rest('userfieldconfig.delete', { moduleId: 'crm', id: row.id })))) return
    forgetDirectories()
    touch('userfields', '*')
    say(words.removed)
  }
  return (
    <>
      <div class="head">
        <h1>{words.fields}</h1>
        {entityId && <button onClick={() => setAsks('new')}>{words.add}</button>}
      </div>
      <form class="filters">
        <label>
          <span>{words.of}</span>
          <select value={typeId} onChange={event => keep('of', event.currentTarget.value)}>
            {types.value.map(type => <option key={type.id} value={type.id}>{type.title}</option>)}
          </select>
        </label>
      </form>
      <Reading read={read}>
        {() => !read.data!.length ? <Empty>{words.noFields}</Empty> : (
          <div class="wide">
            <table>
              <thead><tr><th scope="col">{words.label}</th><th scope="col">{words.name}</th><th scope="col">{words.type}</th><th scope="col">{words.multiple}</th><th scope="col">{words.mandatory}</th><td /></tr></thead>
              <tbody>
                {read.data!.map(row => (
                  <tr key={row.id}>
                    <th scope="row">{row.editFormLabel?.[language] || row.editFormLabel?.en || row.fieldName}</th>
                    <td><code>{row.fieldName}</code></td>
                    <td>{row.userTypeId}</td>
                    <td>{row.multiple === 'Y' ? common.yes : ''}</td>
                    <td>{row.mandatory === 'Y' ? common.yes : ''}</td>
                    <td><button class="plain small" onClick={() => setAsks(row)}>{common.remove}</button></td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Reading>
      {asks === 'new' && entityId && <NewField entityId={entityId} close={() => setAsks(null)} />}
      {asks !== null && asks !== 'new' && (
        <Dialog title={asks.fieldName} onClose={() => setAsks(null)}>
          <p>{words.removeField}</p>
          <p class="buttons">
            <button class="danger" onClick={() => void remove(asks)}>{common.remove}</button>
            <button class="plain" onClick={() => setAsks(null)}>{common.cancel}</button>
          </p>
        </Dialog>
      )}
    </>
  )
}
