// Names of users and rows by their ids: what a screen asks for in one turn is read in one request, and kept.
import { signal, type Signal } from '@preact/signals'
import { each, rest, type Params } from './rest'
import { whenTouched } from './store'
import { NAMES, titleOf, typeOf, type Item } from './types'

const known = new Map<string, Signal<string>>()
let wanted: Set<string> | null = null

interface User {
  ID: string
  NAME: string
  LAST_NAME: string
  EMAIL?: string
}

export function userName(user: User): string {
  return [user.NAME, user.LAST_NAME].filter(Boolean).join(' ') || user.EMAIL || `#${user.ID}`
}

function calls(keys: string[]): { typeId: number; call: [string, Params] }[] {
  const byType = new Map<number, number[]>()
  for (const key of keys) {
    const [type = 0, id = 0] = key.split(':').map(Number)
    byType.set(type, [...(byType.get(type) ?? []), id])
  }
  const all: { typeId: number; call: [string, Params] }[] = []
  for (const [typeId, ids] of byType) {
    for (let from = 0; from < ids.length; from += 50) {
      const part = ids.slice(from, from + 50)
      all.push({
        typeId,
        call: typeId
          ? ['crm.item.list', { entityTypeId: typeId, filter: { '@id': part }, select: NAMES }]
          : ['user.get', { FILTER: { ID: part } }]
      })
    }
  }
  return all
}

async function read(keys: string[]): Promise<void> {
  const asked = calls(keys)
  const outcomes = await each(asked.map(one => one.call))
  outcomes.forEach(({ result }, i) => {
    const typeId = asked[i]!.typeId
    if (!typeId) for (const user of (result as User[] | undefined) ?? []) setName(0, Number(user.ID), userName(user))
    else for (const item of (result as { items: Item[] } | undefined)?.items ?? []) setName(typeId, item.id, titleOf(typeOf(typeId), item))
  })
}

function setName(typeId: number, id: number, name: string): void {
  const key = `${typeId}:${id}`
  const found = known.get(key)
  if (found) found.value = name
  else known.set(key, signal(name))
}

// `typeId` 0: a user. "" until it is known; what may not be read stays so.
export function nameOf(typeId: number, id: number): Signal<string> {
  const key = `${typeId}:${id}`
  let name = known.get(key)
  if (!name) {
    name = signal('')
    known.set(key, name)
    want(key)
  }
  return name
}

function want(key: string): void {
  if (!wanted) {
    wanted = new Set()
    queueMicrotask(() => {
      const keys = [...wanted!]
      wanted = null
      void read(keys).catch(() => keys.forEach(each => known.get(each)?.peek() || known.delete(each)))
    })
  }
  wanted.add(key)
}

// A row that changed may be called otherwise now. Of users no change is told; a reading of all ("*") takes them too.
whenTouched(tags => {
  const all = tags.has('*')
  for (const key of known.keys()) if (all || tags.has(key)) want(key)
})

export function forgetNames(): void {
  known.clear()
}

// ---- finding ----

export interface Found {
  typeId: number
  id: number
  title: string
  hint: string
}

export async function findUsers(text: string): Promise<Found[]> {
  const [outcome] = await each([['user.search', text ? { FILTER: { FIND: text, ACTIVE: true } } : { FILTER: { ACTIVE: true } }]])
  const rows = (outcome?.result as (User & { WORK_POSITION?: string })[] | undefined) ?? []
  return rows.slice(0, 20).map(user => ({ typeId: 0, id: Number(user.ID), title: userName(user), hint: user.WORK_POSITION ?? '' }))
}

interface Hit {
  entityTypeId: number
  id: number
  title: string
  subtitle: string
}

// Nothing was typed: the newest.
async function newest(typeIds: number[], most: number): Promise<Found[]> {
  const outcomes = await each(typeIds.map(id => ['crm.item.list', { entityTypeId: id, order: { id: 'DESC' }, select: NAMES }]))
  return typeIds.flatMap((typeId, i) =>
    ((outcomes[i]?.result as { items: Item[] } | undefined)?.items ?? []).slice(0, most).map(item => ({ typeId, id: item.id, title: titleOf(typeOf(typeId), item), hint: typeOf(typeId).one }))
  )
}

// Of the types given: by title or name, number, phone, e-mail (rapport.search).
export async function findItems(typeIds: number[], text: string, most = 6): Promise<Found[]> {
  const found = text.trim()
    ? (await rest<Hit[]>('rapport.search', { text, limit: most }))
        .filter(hit => typeIds.includes(hit.entityTypeId))
        .map(hit => ({ typeId: hit.entityTypeId, id: hit.id, title: hit.title, hint: [typeOf(hit.entityTypeId).one, hit.subtitle].filter(Boolean).join(' · ') }))
    : await newest(typeIds, most)
  for (const one of found) setName(one.typeId, one.id, one.title)
  return found
}
