// My day: what is planned, by deadline. What others change appears by itself (base/live).
import { useState } from 'preact/hooks'
import { startOfDay, toRest } from '../base/format'
import { keep } from '../base/router'
import { each, type Params } from '../base/rest'
import { session } from '../base/session'
import { useRead } from '../base/store'
import { words as common } from '../base/words'
import { Chooser } from '../pieces/chooser'
import { Icon } from '../pieces/icon'
import { Empty, Name, Reading, Tabs } from '../pieces/pieces'
import type { ScreenProps } from '../screens'
import { ActivityRow, FIELDS, type Activity } from './activity'
import { NewTodo } from './todo'
import { words } from './words'

interface Choice {
  whose: string // "me", "all", or a user's id
  type: string
  direction: string
  text: string
}

interface Group {
  id: 'overdue' | 'today' | 'tomorrow' | 'later' | 'none'
  rows: Activity[]
  total: number
}

interface Day {
  groups: Group[]
  incoming: number
}

const typeFilters: Record<string, Params> = {
  call: { TYPE_ID: 2 },
  meeting: { TYPE_ID: 1 },
  email: { TYPE_ID: 4 },
  todo: { PROVIDER_ID: 'CRM_TODO' }
}

function filterOf({ whose, type, direction, text }: Choice, me: number): Params {
  return {
    COMPLETED: 'N',
    ...(whose === 'all' ? {} : { RESPONSIBLE_ID: whose === 'me' ? me : Number(whose) }),
    ...typeFilters[type],
    ...(direction ? { DIRECTION: direction } : {}),
    ...(text ? { '%SUBJECT': text } : {})
  }
}

// `pages`: so many pages of each group.
async function readDay(choice: Choice, me: number, pages: Record<string, number>): Promise<Day> {
  const filter = filterOf(choice, me)
  const now = new Date(), [tomorrow, after] = [1, 2].map(days => toRest(startOfDay(now, days)))
  const parts: [Group['id'], Params][] = [
    ['overdue', { '<DEADLINE': toRest(now) }],
    ['today', { '>=DEADLINE': toRest(now), '<DEADLINE': tomorrow }],
    ['tomorrow', { '>=DEADLINE': tomorrow, '<DEADLINE': after }],
    ['later', { '>=DEADLINE': after }],
    ['none', { '=DEADLINE': '' }]
  ]
  const calls: [string, Params][] = []
  const of: number[] = []
  parts.forEach(([id, part], i) => {
    for (let page = 0; page < (pages[id] ?? 1); page++) {
      calls.push(['crm.activity.list', { filter: { ...filter, ...part }, order: { DEADLINE: 'ASC', ID: 'ASC' }, select: FIELDS, start: page * 50 }])
      of.push(i)
    }
  })
  calls.push(['crm.activity.list', { filter: { ...filter, DIRECTION: 1 }, select: ['ID'] }])
  const outcomes = await each(calls)
  const wrong = outcomes.find(one => one.error)?.error
  if (wrong) throw wrong
  const groups = parts.map(([id]): Group => ({ id, rows: [], total: 0 }))
  of.forEach((i, at) => {
    groups[i]!.rows.push(...(outcomes[at]!.result as Activity[]))
    groups[i]!.total = outcomes[at]!.total ?? groups[i]!.rows.length
  })
  return { groups, incoming: outcomes.at(-1)!.total ?? 0 }
}

function Filters({ choice }: { choice: Choice }) {
  const [text, setText] = useState(choice.text)
  return (
    <form class="filters" onSubmit={event => event.preventDefault()}>
      <label>
        <span>{words.whose}</span>
        <select value={/^\d+$/.test(choice.whose) ? 'user' : choice.whose} onChange={event => keep('whose', event.currentTarget.value === 'me' ? '' : event.currentTarget.value === 'user' ? '0' : event.currentTarget.value)}>
          <option value="me">{words.me}</option>
          <option value="all">{words.everybody}</option>
          <option value="user">{words.colleague}</option>
        </select>
      </label>
      {/^\d+$/.test(choice.whose) && <Chooser label={words.colleague} of={[0]} onChoose={found => keep('whose', String(found.id))} />}
      <label>
        <span>{words.type}</span>
        <select value={choice.type} onChange={event => keep('type', event.currentTarget.value)}>
          <option value="">{words.all}</option>
          {(['call', 'meeting', 'email', 'todo'] as const).map(type => <option key={type} value={type}>{words[type]}</option>)}
        </select>
      </label>
      <label>
        <span>{words.text}</span>
        <input type="search" value={text} onInput={event => (setText(event.currentTarget.value), event.currentTarget.value || keep('text', ''))} onChange={event => keep('text', event.currentTarget.value)} />
      </label>
    </form>
  )
}

function Counters({ day, choice }: { day: Day; choice: Choice }) {
  const overdue = day.groups[0]!.total
  return (
    <p class="counters">
      <button
        type="button" class={`counter ${day.incoming ? 'in' : ''}`} aria-pressed={choice.direction === '1'}
        onClick={() => keep('direction', choice.direction ? '' : '1')}
      >
        <b>{day.incoming}</b> {words.incoming}
      </button>
      <a class={`counter ${overdue ? 'late' : ''}`} href="#overdue" onClick={event => (event.preventDefault(), document.getElementById('overdue')?.scrollIntoView())}>
        <b>{overdue}</b> {words.overdue}
      </a>
    </p>
  )
}

export default function DayScreen({ query }: ScreenProps) {
  const [pages, setPages] = useState<Record<string, number>>({})
  const [adds, setAdds] = useState(false)
  const me = session.value.is === 'in' ? session.value.person.id : 0
  const choice: Choice = {
    whose: query.get('whose') || 'me', type: query.get('type') ?? '', direction: query.get('direction') ?? '', text: query.get('text') ?? ''
  }
  const view = query.get('view') === 'board' ? 'board' : 'list'
  const key = JSON.stringify(['day', me, choice, pages])
  const read = useRead(key, ['activity'], () => readDay(choice, me, pages))
  const groups = read.data?.groups.filter(group => group.total || (view === 'board' && group.id !== 'none')) ?? []
  return (
    <>
      <div class="head">
        <h1>{/^[1-9]/.test(choice.whose) ? <Name of={0} id={Number(choice.whose)} /> : common.myDay}</h1>
        <Tabs label={words.view} chosen={view} choose={id => keep('view', id === 'list' ? '' : id)} tabs={[{ id: 'list', title: words.list }, { id: 'board', title: words.board }]} />
        <button onClick={() => setAdds(true)}><Icon name="plus" /> {words.newTodo}</button>
      </div>
      <Filters choice={choice} />
      <Reading read={read}>
        {() => (
          <>
            <Counters day={read.data!} choice={choice} />
            {!groups.length && <Empty>{words.nothing}</Empty>}
            <div class={`day ${view}`}>
              {groups.map(group => (
                <section key={group.id} id={group.id} aria-labelledby={`${group.id}-title`} class={group.id}>
                  <h2 id={`${group.id}-title`}>{words[group.id]} <small>{group.total}</small></h2>
                  <ul class="activities">
                    {group.rows.map(row => <ActivityRow key={row.ID} activity={row} showWho={choice.whose !== 'me'} />)}
                  </ul>
                  {group.rows.length < group.total && (
                    <button class="plain" onClick={() => setPages({ ...pages, [group.id]: (pages[group.id] ?? 1) + 1 })}>{common.more}</button>
                  )}
                </section>
              ))}
            </div>
          </>
        )}
      </Reading>
      {adds && <NewTodo close={() => setAdds(false)} />}
    </>
  )
}
