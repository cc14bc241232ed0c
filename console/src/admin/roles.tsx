// Roles: what each allows with which rows, of which funnels, and who has it. A role's own page is #/roles/ID.
import { useState } from 'preact/hooks'
import { call } from '../base/rest'
import { go, href } from '../base/router'
import { askOwn } from '../base/session'
import { touch, useRead } from '../base/store'
import { funnels, types } from '../base/types'
import { words as common } from '../base/words'
import { Chooser } from '../pieces/chooser'
import { Dialog, Name, Reading } from '../pieces/pieces'
import { attempt } from '../pieces/toast'
import type { ScreenProps } from '../screens'
import { AskForm } from './secret'
import { words } from './words'

interface Role {
  id: number
  name: string
}

interface Rule {
  role_id: number
  type_id: number
  category_id: number
  action: string
  level: number
}

interface Member {
  role_id: number
  kind: 'user' | 'department' | 'all'
  member_id: number
}

interface Shown {
  actions: string[]
  levels: string[]
  roles: Role[]
  rules: Rule[]
  members: Member[]
  departments: Map<number, string>
  funnels: Map<number, { id: string; title: string }[]>
}

const OTHERS = 0
const NO_FUNNEL = -1
const again = () => touch('roles')
const change = (action: string, more: Record<string, string | number>) => void attempt(() => askOwn('role', action, more)).then(again)

async function readRoles(): Promise<Shown> {
  const departments = new Map<number, string>()
  for (let start: number | undefined = 0; start !== undefined; ) {
    const answer: { result: { ID: string; NAME: string }[]; next?: number } = await call('department.get', { start })
    for (const one of answer.result) departments.set(Number(one.ID), one.NAME)
    start = answer.next
  }
  const [shown, ...found] = await Promise.all([
    askOwn<Omit<Shown, 'departments' | 'funnels'>>('role', 'roles'),
    ...types.value.filter(type => type.funnels).map(async type => [type.id, await funnels(type.id)] as const)
  ])
  return { ...shown, departments, funnels: new Map(found) }
}

// One action with one kind of rows. Without a level of its own there are the words of what holds instead.
function Level({ shown, role, typeId, funnel, action, label }: { shown: Shown; role: Role; typeId: number; funnel: number; action: string; label: string }) {
  const own = shown.rules.find(rule => rule.role_id === role.id && rule.type_id === typeId && rule.category_id === funnel && rule.action === action)
  const value = own ? shown.levels[own.level]! : typeId === OTHERS ? 'none' : ''
  return (
    <select
      aria-label={label} value={value} class={value === 'none' ? 'soft' : undefined}
      onChange={event => change('role_set', { id: role.id, type_id: typeId, category_id: funnel, act: action, level: event.currentTarget.value })}
    >
      {typeId !== OTHERS && <option value="">{funnel === NO_FUNNEL ? words.asOthers : words.asType}</option>}
      {shown.levels.map(level => <option key={level} value={level}>{words.levels[level as keyof typeof words.levels] ?? level}</option>)}
    </select>
  )
}

interface Line {
  typeId: number
  funnel: number
  title: string
}

function linesOf(shown: Shown): Line[] {
  const lines: Line[] = [{ typeId: OTHERS, funnel: NO_FUNNEL, title: words.everythingElse }]
  for (const type of types.value) {
    lines.push({ typeId: type.id, funnel: NO_FUNNEL, title: type.title })
    const all = shown.funnels.get(type.id) ?? []
    if (all.length > 1) lines.push(...all.map(one => ({ typeId: type.id, funnel: Number(one.id), title: `${type.title}: ${one.title}` })))
  }
  return lines
}

function Rules({ shown, role }: { shown: Shown; role: Role }) {
  const actionName = (action: string) => words.actions[action as keyof typeof words.actions] ?? action
  return (
    <div class="wide">
      <table class="rules">
        <thead><tr><th scope="col">{words.rows}</th>{shown.actions.map(action => <th scope="col" key={action}>{actionName(action)}</th>)}</tr></thead>
        <tbody>
          {linesOf(shown).map(line => (
            <tr key={`${line.typeId} ${line.funnel}`}>
              <th scope="row" class={line.funnel === NO_FUNNEL ? undefined : 'within'}>{line.title}</th>
              {shown.actions.map(action => (
                <td key={action}><Level shown={shown} role={role} typeId={line.typeId} funnel={line.funnel} action={action} label={`${line.title}: ${actionName(action)}`} /></td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function MemberName({ shown, member }: { shown: Shown; member: Member }) {
  if (member.kind === 'all') return <>{words.everyUser}</>
  if (member.kind === 'department') return <>{shown.departments.get(member.member_id) ?? `#${member.member_id}`}</>
  return <Name of={0} id={member.member_id} />
}

function Members({ shown, role }: { shown: Shown; role: Role }) {
  const mine = shown.members.filter(one => one.role_id === role.id)
  const give = (kind: string, id: number) => change('role_give', { id: role.id, kind, member_id: id })
  return (
    <section class="panel" aria-labelledby="who">
      <h2 id="who">{words.whoHasIt}</h2>
      <ul class="plain-list">
        {mine.map(one => (
          <li key={`${one.kind} ${one.member_id}`} class="row">
            <span><MemberName shown={shown} member={one} /> {one.kind === 'department' && <small class="soft">{words.department}</small>}</span>
            <button class="plain small" onClick={() => change('role_take', { id: role.id, kind: one.kind, member_id: one.member_id })}>{common.remove}</button>
          </li>
        ))}
      </ul>
      <div class="inline">
        <Chooser label={words.person} of={[0]} onChoose={found => give('user', found.id)} key={`user ${mine.length}`} />
        <label>
          <span>{words.department}</span>
          <select value="" onChange={event => give('department', Number(event.currentTarget.value))}>
            <option value="" />
            {[...shown.departments].map(([id, name]) => <option key={id} value={id}>{name}</option>)}
          </select>
        </label>
        {!mine.some(one => one.kind === 'all') && <button class="plain" onClick={() => give('all', 0)}>{words.everyUser}</button>}
      </div>
    </section>
  )
}

function NewRole({ close }: { close: () => void }) {
  return (
    <Dialog title={words.newRole} onClose={close}>
      <AskForm
        button={common.add}
        send={async given => {
          const { id } = await askOwn<{ id: number }>('role', 'role_add', { name: String(given.get('name')).trim() })
          again()
          close()
          go(href('roles', id))
        }}
      >
        <label><span>{words.name}</span><input name="name" required maxLength={200} autofocus /></label>
      </AskForm>
    </Dialog>
  )
}

function Drop({ role, close }: { role: Role; close: () => void }) {
  return (
    <Dialog title={common.remove} onClose={close}>
      <p>{words.removeRole(role.name)}</p>
      <AskForm button={common.remove} danger send={async () => { await askOwn('role', 'role_remove', { id: role.id }); again(); close(); go(href('roles')) }}>{null}</AskForm>
    </Dialog>
  )
}

export default function Roles({ args }: ScreenProps) {
  const read = useRead('roles', ['roles'], readRoles)
  const [asks, setAsks] = useState<'new' | Role | null>(null)
  const close = () => setAsks(null)
  const shown = read.data
  const role = shown?.roles.find(one => one.id === Number(args[0])) ?? shown?.roles[0]
  return (
    <>
      <div class="head">
        <h1>{words.roles}</h1>
        <button onClick={() => setAsks('new')}>{words.newRole}</button>
      </div>
      <p class="soft">{words.rolesHint}</p>
      <Reading read={read}>
        {() => (
          <>
            <p class="tabs" role="group" aria-label={words.roles}>
              {shown!.roles.map(one => <button key={one.id} aria-pressed={one === role} onClick={() => go(href('roles', one.id))}>{one.name}</button>)}
            </p>
            {role && (
              <>
                <Rules shown={shown!} role={role} />
                <Members shown={shown!} role={role} />
                <p><button class="danger" onClick={() => setAsks(role)}>{words.dropRole}</button></p>
              </>
            )}
            {asks && (asks === 'new' ? <NewRole close={close} /> : <Drop role={asks} close={close} />)}
          </>
        )}
      </Reading>
    </>
  )
}
