// An activity: what it looks like in a row, and what is done with it in one click. Each change has its inverse for undo.
import { useState } from 'preact/hooks'
import { startOfDay, toInput, toRest } from '../base/format'
import { rest } from '../base/rest'
import { touch } from '../base/store'
import { words as common } from '../base/words'
import { Chooser } from '../pieces/chooser'
import { Icon, type IconName } from '../pieces/icon'
import { CardLink, Dialog, Menu, Moment, Name, type MenuItem } from '../pieces/pieces'
import { placeItems, usePlaces } from '../apps/places'
import { attempt, say } from '../pieces/toast'
import { words } from './words'

export interface Activity {
  ID: string
  OWNER_ID: string
  OWNER_TYPE_ID: string
  TYPE_ID: string
  PROVIDER_ID: string | null
  SUBJECT: string | null
  DEADLINE: string | null
  COMPLETED: 'Y' | 'N'
  DIRECTION: string
  RESPONSIBLE_ID: string
  PRIORITY: string
}

export const FIELDS = [
  'ID', 'OWNER_ID', 'OWNER_TYPE_ID', 'TYPE_ID', 'PROVIDER_ID', 'SUBJECT', 'DEADLINE', 'COMPLETED', 'DIRECTION', 'RESPONSIBLE_ID', 'PRIORITY'
]

export function iconOf(typeId: number, providerId: string | null): IconName {
  if (typeId === 1) return 'meeting'
  if (typeId === 2) return 'call'
  if (typeId === 3) return 'task'
  if (typeId === 4) return 'mail'
  return providerId === 'CRM_TODO' ? 'todo' : 'app'
}

export function kindOf(typeId: number, providerId: string | null): string {
  const icon = iconOf(typeId, providerId)
  return icon === 'meeting' ? words.meeting : icon === 'call' ? words.call : icon === 'mail' ? words.email : icon === 'todo' ? words.todo : words.other
}

async function update(id: string, fields: Record<string, unknown>): Promise<void> {
  await rest('crm.activity.update', { id, fields })
  touch('activity', `activity:${id}`)
}

export function complete(id: string, done: boolean): Promise<boolean> {
  return attempt(async () => {
    await update(id, { COMPLETED: done ? 'Y' : 'N' })
    say(done ? words.completed : words.reopened, () => update(id, { COMPLETED: done ? 'N' : 'Y' }))
  })
}

export function move(id: string, from: string | null, to: Date): Promise<boolean> {
  return attempt(async () => {
    await update(id, { DEADLINE: toRest(to) })
    say(words.moved, from ? () => update(id, { DEADLINE: from }) : undefined)
  })
}

export function handOver(id: string, from: string, to: number): Promise<boolean> {
  return attempt(async () => {
    await update(id, { RESPONSIBLE_ID: to })
    say(words.handed, () => update(id, { RESPONSIBLE_ID: from }))
  })
}

export function tomorrowMorning(): Date {
  const day = startOfDay(new Date(), 1)
  day.setHours(9)
  return day
}

interface Subject {
  id: string
  deadline: string | null
  responsible: string
}

// The dialogs behind the menu.
function Ask({ what, of, close }: { what: 'move' | 'hand'; of: Subject; close: () => void }) {
  const [at, setAt] = useState(toInput(of.deadline ? new Date(of.deadline) : tomorrowMorning()))
  if (what === 'hand')
    return (
      <Dialog title={words.handOver} onClose={close}>
        <Chooser label={words.handOver} hideLabel of={[0]} autofocus onChoose={found => void handOver(of.id, of.responsible, found.id).then(done => done && close())} />
      </Dialog>
    )
  return (
    <Dialog title={words.move} onClose={close}>
      <form onSubmit={event => (event.preventDefault(), void move(of.id, of.deadline, new Date(at)).then(done => done && close()))}>
        <label>{words.deadline}<input type="datetime-local" required value={at} onInput={event => setAt(event.currentTarget.value)} autofocus /></label>
        <button>{common.save}</button>
      </form>
    </Dialog>
  )
}

export function ActivityMenu({ of, label, more = [] }: { of: Subject; label: string; more?: MenuItem[] }) {
  const [asks, setAsks] = useState<'move' | 'hand' | null>(null)
  const later = (ms: number) => new Date(Date.now() + ms)
  return (
    <>
      <Menu
        label={label}
        items={[
          { title: words.inAnHour, act: () => void move(of.id, of.deadline, later(3_600_000)) },
          { title: words.tomorrowMorning, act: () => void move(of.id, of.deadline, tomorrowMorning()) },
          { title: words.nextWeek, act: () => void move(of.id, of.deadline, later(7 * 86_400_000)) },
          { title: `${words.another}…`, act: () => setAsks('move') },
          { title: `${words.handOver}…`, act: () => setAsks('hand') },
          ...more
        ]}
      />
      {asks && <Ask what={asks} of={of} close={() => setAsks(null)} />}
    </>
  )
}

export function ActivityRow({ activity, showWho }: { activity: Activity; showWho: boolean }) {
  const typeId = Number(activity.TYPE_ID)
  const title = activity.SUBJECT || kindOf(typeId, activity.PROVIDER_ID)
  const places = usePlaces('CRM_ACTIVITY_LIST_MENU')
  return (
    <li class="activity">
      <button class="bare done" aria-label={`${words.complete}: ${title}`} onClick={() => void complete(activity.ID, true)}>
        <Icon name="check" />
      </button>
      <Icon name={iconOf(typeId, activity.PROVIDER_ID)} label={kindOf(typeId, activity.PROVIDER_ID)} />
      <div class="what">
        <span class={activity.PRIORITY === '3' ? 'important' : undefined}>
          {activity.DIRECTION === '1' && <Icon name="incoming" label={words.incoming} />} {title}
        </span>
        <small>
          <CardLink typeId={Number(activity.OWNER_TYPE_ID)} id={Number(activity.OWNER_ID)} />
          {showWho && <> · <Name of={0} id={Number(activity.RESPONSIBLE_ID)} /></>}
        </small>
      </div>
      <span class="when"><Moment at={activity.DEADLINE} /></span>
      <ActivityMenu label={`${words.move}: ${title}`} of={{ id: activity.ID, deadline: activity.DEADLINE, responsible: activity.RESPONSIBLE_ID }} more={placeItems(places, { ID: activity.ID })} />
    </li>
  )
}
