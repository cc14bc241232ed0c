// A new to-do in two fields: what, and for which card; its deadline is in three working days unless one says otherwise.
import { useState } from 'preact/hooks'
import { startOfDay, toInput, toRest } from '../base/format'
import type { Found } from '../base/names'
import { rest } from '../base/rest'
import { touch } from '../base/store'
import { types } from '../base/types'
import { words as common } from '../base/words'
import { Chooser } from '../pieces/chooser'
import { Dialog } from '../pieces/pieces'
import { attempt, say } from '../pieces/toast'
import { words } from './words'

export function defaultDeadline(now = new Date()): Date {
  const day = startOfDay(now)
  for (let working = 0; working < 3; ) {
    day.setDate(day.getDate() + 1)
    if (day.getDay() % 6) working++
  }
  day.setHours(now.getHours(), now.getMinutes())
  return day
}

interface Props {
  close: () => void
  owner?: { typeId: number; id: number }
}

export function NewTodo({ close, owner }: Props) {
  const [what, setWhat] = useState('')
  const [of, setOf] = useState<Pick<Found, 'typeId' | 'id'> | undefined>(owner)
  const [at, setAt] = useState(toInput(defaultDeadline()))
  const [missing, setMissing] = useState(false)
  const [busy, setBusy] = useState(false)
  async function submit(event: SubmitEvent) {
    event.preventDefault()
    setMissing(!of)
    if (!of) return
    setBusy(true)
    const done = await attempt(() =>
      rest('crm.activity.todo.add', { ownerTypeId: of.typeId, ownerId: of.id, title: what, description: what, deadline: toRest(new Date(at)) })
    )
    setBusy(false)
    if (!done) return
    touch('activity', `${of.typeId}:${of.id}`)
    say(words.added)
    close()
  }
  return (
    <Dialog title={words.newTodo} onClose={close}>
      <form onSubmit={submit}>
        <label>{words.what}<input value={what} required autofocus onInput={event => setWhat(event.currentTarget.value)} /></label>
        {!owner && (
          <>
            <Chooser label={words.for} of={types.value.map(type => type.id)} onChoose={found => (setOf(found), setMissing(false))} />
            {missing && <p class="wrong" role="alert">{words.noCard}</p>}
          </>
        )}
        <label>{words.deadline}<input type="datetime-local" value={at} required onInput={event => setAt(event.currentTarget.value)} /></label>
        <button disabled={busy}>{common.add}</button>
      </form>
    </Dialog>
  )
}
