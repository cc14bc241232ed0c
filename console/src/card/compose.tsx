// What is added to a card: a comment, a to-do, a call, a meeting.
import { useState } from 'preact/hooks'
import { toInput, toRest } from '../base/format'
import { rest } from '../base/rest'
import { session } from '../base/session'
import { touch } from '../base/store'
import { typeOf } from '../base/types'
import { defaultDeadline } from '../day/todo'
import { tomorrowMorning } from '../day/activity'
import { Tabs } from '../pieces/pieces'
import { attempt } from '../pieces/toast'
import { words } from './words'

type Kind = 'comment' | 'todo' | 'call' | 'meeting'

// As crm.timeline.comment.add names the types.
function entityName(typeId: number): string {
  const names: Record<number, string> = { 1: 'lead', 2: 'deal', 3: 'contact', 4: 'company', 7: 'quote', 31: 'smart_invoice' }
  return names[typeId] ?? `dynamic_${typeId}`
}

function hour(date: Date, hours: number): Date {
  return new Date(date.getTime() + hours * 3_600_000)
}

export function Compose({ typeId, id, phones }: { typeId: number; id: number; phones: string[] }) {
  const [kind, setKind] = useState<Kind>('comment')
  const [text, setText] = useState('')
  const [at, setAt] = useState(toInput(tomorrowMorning()))
  const [whom, setWhom] = useState('')
  const [busy, setBusy] = useState(false)
  const me = session.value.is === 'in' ? session.value.person.id : 0
  const choose = (next: string) => {
    setKind(next as Kind)
    setAt(toInput(next === 'todo' ? defaultDeadline() : tomorrowMorning()))
    setWhom(phones[0] ?? '')
  }
  function add(): Promise<unknown> {
    const when = new Date(at)
    if (kind === 'comment') return rest('crm.timeline.comment.add', { fields: { ENTITY_TYPE: entityName(typeId), ENTITY_ID: id, COMMENT: text } })
    if (kind === 'todo') return rest('crm.activity.todo.add', { ownerTypeId: typeId, ownerId: id, title: text, description: text, deadline: toRest(when) })
    return rest('crm.activity.add', {
      fields: {
        OWNER_TYPE_ID: typeId, OWNER_ID: id, TYPE_ID: kind === 'call' ? 2 : 1, SUBJECT: text, START_TIME: toRest(when), END_TIME: toRest(hour(when, kind === 'call' ? 0.25 : 1)),
        DEADLINE: toRest(when), COMPLETED: 'N', DIRECTION: 2, RESPONSIBLE_ID: me, COMMUNICATIONS: [{ VALUE: whom, TYPE: whom.includes('@') ? 'EMAIL' : 'PHONE' }]
      }
    })
  }
  async function submit(event: SubmitEvent) {
    event.preventDefault()
    setBusy(true)
    if (await attempt(add)) {
      setText('')
      touch('activity', `${typeId}:${id}`)
    }
    setBusy(false)
  }
  const planned = kind !== 'comment'
  const buttons: Record<Kind, string> = { comment: words.send, todo: words.planTodo, call: words.planCall, meeting: words.planMeeting }
  return (
    <form class="compose" onSubmit={submit} aria-label={typeOf(typeId).one}>
      <Tabs
        label={words.plan} chosen={kind} choose={choose}
        tabs={(['comment', 'todo', 'call', 'meeting'] as const).map(one => ({ id: one, title: words[one] }))}
      />
      {planned
        ? <label><span>{words.subject}</span><input value={text} required onInput={event => setText(event.currentTarget.value)} /></label>
        : <textarea rows={2} aria-label={words.writeComment} placeholder={words.writeComment} value={text} required onInput={event => setText(event.currentTarget.value)} />}
      {(kind === 'call' || kind === 'meeting') && (
        <label>
          <span>{words.contactOf}</span>
          <input value={whom} required list="phones" onInput={event => setWhom(event.currentTarget.value)} />
          <datalist id="phones">{phones.map(phone => <option key={phone} value={phone} />)}</datalist>
        </label>
      )}
      {planned && <label><span>{words.when}</span><input type="datetime-local" value={at} required onInput={event => setAt(event.currentTarget.value)} /></label>}
      <button disabled={busy || !text.trim()}>{buttons[kind]}</button>
    </form>
  )
}
