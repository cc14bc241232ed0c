// The people of the portal and their departments.
import { useState } from 'preact/hooks'
import { userName } from '../base/names'
import { call, rest } from '../base/rest'
import { askAccount, session } from '../base/session'
import { touch, useRead } from '../base/store'
import { words as common } from '../base/words'
import { Dialog, Reading } from '../pieces/pieces'
import { attempt, say } from '../pieces/toast'
import { words } from './words'

interface User {
  ID: string
  NAME: string
  LAST_NAME: string
  EMAIL: string
  ACTIVE: boolean
  WORK_POSITION: string
  UF_DEPARTMENT: number[] | false
}

interface Department {
  ID: string
  NAME: string
  PARENT?: string
}

async function readAll<T>(method: string, params: Record<string, unknown>): Promise<T[]> {
  const rows: T[] = []
  for (let start: number | undefined = 0; start !== undefined; ) {
    const answer: { result: T[]; next?: number } = await call<T[]>(method, { ...params, start })
    rows.push(...answer.result)
    start = answer.next
  }
  return rows
}

function DepartmentSelect({ departments, name, label }: { departments: Department[]; name: string; label: string }) {
  return (
    <label>
      <span>{label}</span>
      <select name={name}>
        {departments.map(one => <option key={one.ID} value={one.ID}>{one.NAME}</option>)}
      </select>
    </label>
  )
}

function NewUser({ departments, close }: { departments: Department[]; close: () => void }) {
  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const given = new FormData(event.currentTarget as HTMLFormElement)
    const fields = { EMAIL: given.get('email'), NAME: given.get('name'), LAST_NAME: given.get('last'), WORK_POSITION: given.get('position'), UF_DEPARTMENT: [Number(given.get('department'))] }
    if (!(await attempt(() => rest('user.add', fields)))) return
    touch('users')
    say(words.added)
    close()
  }
  return (
    <Dialog title={words.newUser} onClose={close}>
      <form onSubmit={submit}>
        <label><span>{words.email}</span><input name="email" type="email" required autofocus /></label>
        <label><span>{words.firstName}</span><input name="name" /></label>
        <label><span>{words.lastName}</span><input name="last" /></label>
        <label><span>{words.position}</span><input name="position" /></label>
        <DepartmentSelect departments={departments} name="department" label={words.department} />
        <button>{common.add}</button>
      </form>
    </Dialog>
  )
}

function Departments({ departments }: { departments: Department[] }) {
  async function add(event: SubmitEvent) {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const given = new FormData(form)
    if (await attempt(() => rest('department.add', { NAME: given.get('name'), PARENT: given.get('parent') }))) {
      form.reset()
      touch('users')
    }
  }
  const name = (id?: string) => departments.find(one => one.ID === id)?.NAME
  return (
    <section class="panel" aria-labelledby="departments">
      <h2 id="departments">{words.departments}</h2>
      <ul class="plain-list">
        {departments.map(one => (
          <li key={one.ID} class="row">
            <span>{one.NAME}</span>
            <small class="soft">{one.PARENT && `${words.within}: ${name(one.PARENT)}`}</small>
            {one.PARENT && <button class="plain small" onClick={() => void attempt(() => rest('department.delete', { ID: one.ID })).then(done => done && touch('users'))}>{common.remove}</button>}
          </li>
        ))}
      </ul>
      <form class="inline" onSubmit={add}>
        <label><span>{words.newDepartment}</span><input name="name" required /></label>
        <DepartmentSelect departments={departments} name="parent" label={words.within} />
        <button>{common.add}</button>
      </form>
    </section>
  )
}

export default function Users() {
  const [adds, setAdds] = useState(false)
  const read = useRead('users', ['users'], async () => {
    const [users, departments, factors] = await Promise.all([
      readAll<User>('user.get', {}), readAll<Department>('department.get', {}), askAccount<{ users: number[] }>('second_factors')
    ])
    return { users, departments, factors: new Set(factors.users) }
  })
  const setActive = (user: User, active: boolean) => void attempt(() => rest('user.update', { ID: user.ID, ACTIVE: active ? 'Y' : 'N' })).then(done => done && touch('users'))
  const [drops, setDrops] = useState<User | null>(null)
  const me = session.value.is === 'in' ? session.value.person.id : 0
  const dropFactor = (user: User) =>
    void attempt(() => askAccount('second_factor_drop', { user_id: user.ID })).then(done => {
      setDrops(null)
      touch('users')
      if (done) say(words.factorDropped)
    })
  return (
    <>
      <div class="head">
        <h1>{words.users}</h1>
        <button onClick={() => setAdds(true)}>{words.newUser}</button>
      </div>
      <Reading read={read}>
        {() => (
          <>
            <div class="wide">
              <table>
                <thead><tr><th scope="col">{words.person}</th><th scope="col">{words.email}</th><th scope="col">{words.position}</th><th scope="col">{words.department}</th><td /></tr></thead>
                <tbody>
                  {read.data!.users.map(user => (
                    <tr key={user.ID} class={user.ACTIVE ? undefined : 'soft'}>
                      <th scope="row">{userName(user)}</th>
                      <td>{user.EMAIL}</td>
                      <td>{user.WORK_POSITION}</td>
                      <td>{(user.UF_DEPARTMENT || []).map(id => read.data!.departments.find(one => one.ID === String(id))?.NAME).filter(Boolean).join(', ')}</td>
                      <td class="buttons">
                        <button class="plain small" onClick={() => setActive(user, !user.ACTIVE)}>{user.ACTIVE ? words.dismiss : words.takeBack}</button>
                        {read.data!.factors.has(Number(user.ID)) && Number(user.ID) !== me && <button class="plain small" onClick={() => setDrops(user)}>{words.dropFactor}</button>}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            <Departments departments={read.data!.departments} />
            {drops && (
              <Dialog title={words.dropFactor} onClose={() => setDrops(null)}>
                <p>{words.dropFactorHint(userName(drops))}</p>
                <button class="danger" onClick={() => dropFactor(drops)}>{common.remove}</button>
              </Dialog>
            )}
            {adds && <NewUser departments={read.data!.departments} close={() => setAdds(false)} />}
          </>
        )}
      </Reading>
    </>
  )
}
