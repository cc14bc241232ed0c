// What a frame lets a person choose: people, who has access, rows of the CRM. Closing chooses nothing.
import { useEffect, useState } from 'preact/hooks'
import { rest } from '../base/rest'
import { typeOf } from '../base/types'
import { words as common } from '../base/words'
import { Chooser } from '../pieces/chooser'
import { Dialog } from '../pieces/pieces'
import { words } from '../apps/words'

interface User {
  ID: string
  NAME: string
  LAST_NAME: string
  WORK_POSITION?: string
  PERSONAL_PHOTO?: string
}

interface Picked {
  key: string
  title: string
}

function Chips({ picked, drop }: { picked: Picked[]; drop: (key: string) => void }) {
  return (
    <p aria-label={words.chosen}>
      {picked.map(one => (
        <span class="chip" key={one.key}>
          {one.title} <button class="bare small" aria-label={`${common.remove}: ${one.title}`} onClick={() => drop(one.key)}>×</button>
        </span>
      ))}
    </p>
  )
}

async function userShown(id: number): Promise<Record<string, unknown>> {
  const [user] = await rest<User[]>('user.get', { ID: id })
  const name = user ? [user.NAME, user.LAST_NAME].filter(Boolean).join(' ') : `#${id}`
  return { id: String(id), name, photo: user?.PERSONAL_PHOTO ?? '', position: user?.WORK_POSITION ?? '', url: `/company/personal/user/${id}/`, sub: false, sup: false }
}

export function SelectUser({ several, done }: { several: boolean; done: (answer: unknown) => void }) {
  const [picked, setPicked] = useState<Picked[]>([])
  const finish = (list: Picked[]) => void Promise.all(list.map(one => userShown(Number(one.key)))).then(users => done(several ? users : (users[0] ?? null)))
  return (
    <Dialog title={several ? words.selectUsers : words.selectUser} onClose={() => done(several ? [] : null)}>
      <Chooser
        label={words.selectUser} hideLabel of={[0]} autofocus
        onChoose={found => {
          const one = { key: String(found.id), title: found.title }
          if (!several) finish([one])
          else setPicked(now => [...now.filter(other => other.key !== one.key), one])
        }}
      />
      {several && (
        <>
          <Chips picked={picked} drop={key => setPicked(now => now.filter(one => one.key !== key))} />
          <button onClick={() => finish(picked)}>{words.ready}</button>
        </>
      )}
    </Dialog>
  )
}

export function SelectAccess({ blocked, done }: { blocked: string[]; done: (answer: unknown) => void }) {
  const [picked, setPicked] = useState<Picked[]>([])
  const [departments, setDepartments] = useState<{ ID: string; NAME: string }[]>([])
  useEffect(() => void rest<{ ID: string; NAME: string }[]>('department.get', {}).then(setDepartments, () => undefined), [])
  const add = (one: Picked) => !blocked.includes(one.key) && setPicked(now => [...now.filter(other => other.key !== one.key), one])
  return (
    <Dialog title={words.selectAccess} onClose={() => done([])}>
      <Chooser label={words.selectUser} of={[0]} autofocus onChoose={found => add({ key: `U${found.id}`, title: found.title })} />
      <label>
        <span>{words.department}</span>
        <select value="" onChange={event => { const one = departments.find(other => other.ID === event.currentTarget.value); if (one) add({ key: `DR${one.ID}`, title: one.NAME }); event.currentTarget.value = '' }}>
          <option value="" />
          {departments.filter(one => !blocked.includes(`DR${one.ID}`)).map(one => <option key={one.ID} value={one.ID}>{one.NAME}</option>)}
        </select>
      </label>
      {!blocked.includes('AU') && <button type="button" class="plain" onClick={() => add({ key: 'AU', title: words.everybody })}>{words.everybody}</button>}
      <Chips picked={picked} drop={key => setPicked(now => now.filter(one => one.key !== key))} />
      <button onClick={() => done(picked.map(one => ({ id: one.key, name: one.title })))}>{words.ready}</button>
    </Dialog>
  )
}

const CRM: Record<string, [number, string]> = { lead: [1, 'L'], contact: [3, 'C'], company: [4, 'CO'], deal: [2, 'D'], quote: [7, 'Q'] }

// Buckets are objects with the keys 0, 1 ...
export function SelectCrm({ kinds, several, value, done }: { kinds: string[]; several: boolean; value: Record<string, unknown>; done: (answer: unknown) => void }) {
  const [picked, setPicked] = useState<(Picked & { kind: string; id: number })[]>(() =>
    kinds.flatMap(kind => ([value[kind] ?? []].flat() as unknown[]).map(id => ({ kind, id: Number(String(id).replace(/^\D+/, '')), key: `${kind} ${String(id)}`, title: `${typeOf(CRM[kind]![0]).one} ${String(id)}` })))
  )
  const finish = (list: typeof picked) => {
    const answer: Record<string, Record<number, unknown>> = {}
    for (const one of list) {
      const bucket = (answer[one.kind] ??= {})
      bucket[Object.keys(bucket).length] = { id: `${CRM[one.kind]![1]}_${one.id}`, type: one.kind, place: one.kind, title: one.title, desc: '', image: '', url: `/crm/${one.kind}/details/${one.id}/` }
    }
    done(answer)
  }
  return (
    <Dialog title={words.selectCrm} onClose={() => done({})}>
      <Chooser
        label={kinds.map(kind => typeOf(CRM[kind]![0]).title).join(', ')} of={kinds.map(kind => CRM[kind]![0])} autofocus
        onChoose={found => {
          const kind = kinds.find(one => CRM[one]![0] === found.typeId)!
          const one = { kind, id: found.id, key: `${kind} ${found.id}`, title: found.title }
          if (!several) finish([one])
          else setPicked(now => [...now.filter(other => other.key !== one.key), one])
        }}
      />
      <Chips picked={picked} drop={key => setPicked(now => now.filter(one => one.key !== key))} />
      {several && <button onClick={() => finish(picked)}>{words.ready}</button>}
    </Dialog>
  )
}

export const crmKinds = (asked: unknown): string[] => {
  const known = (Array.isArray(asked) ? asked : [asked]).map(String).filter(kind => kind in CRM)
  return known.length ? known : Object.keys(CRM)
}
