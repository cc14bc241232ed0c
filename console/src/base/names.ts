// Names of users and rows by their ids: what a screen asks for in one turn is read in one request, and kept.
import { signal, type Signal } from '@preact/signals'
import { each, type Params } from './rest'
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

function itemCalls(typeId: number, text: string): [string, Params] {
  const type = typeOf(typeId)
  const digits = /^#?\d+$/.test(text) ? [{ id: Number(text.replace('#', '')) }] : []
  const parts = text.split(/\s+/).filter(Boolean)
  const match = type.person
    ? { logic: 'AND', ...Object.fromEntries(parts.map((part, i) => [i, { logic: 'OR', 0: { '%name': part }, 1: { '%lastName': part } }])) }
    : { '%title': text }
  const filter = text ? { logic: 'OR', ...[match, ...digits] } : {}
  return ['crm.item.list', { entityTypeId: typeId, filter: text ? { 0: filter } : {}, order: { id: 'DESC' }, select: [...NAMES, 'post', 'companyId'] }]
}

interface Communications {
  LEAD?: number[]
  CONTACT?: number[]
  COMPANY?: number[]
}

// Of the types given, by title or name, by number, and (of people and companies) by phone and e-mail.
export async function findItems(typeIds: number[], text: string, most = 6): Promise<Found[]> {
  const calls = typeIds.map(id => itemCalls(id, text))
  const byContact = /@/.test(text) ? 'EMAIL' : /^[+\d][\d\s()-]{4,}$/.test(text) ? 'PHONE' : ''
  if (byContact) calls.push(['crm.duplicate.findbycomm', { type: byContact, values: [text] }])
  const outcomes = await each(calls)
  const found: Found[] = []
  const add = (typeId: number, items: Item[]) => {
    for (const item of items.slice(0, most)) {
      const title = titleOf(typeOf(typeId), item)
      setName(typeId, item.id, title)
      if (!found.some(one => one.typeId === typeId && one.id === item.id))
        found.push({ typeId, id: item.id, title, hint: String(item.post ?? '') || typeOf(typeId).one })
    }
  }
  if (byContact) {
    const hits = outcomes[typeIds.length]?.result as Communications | undefined
    const groups = ([[1, hits?.LEAD], [3, hits?.CONTACT], [4, hits?.COMPANY]] as const).filter(([id, ids]) => ids?.length && typeIds.includes(id))
    const rows = await each(groups.map(([id, ids]) => ['crm.item.list', { entityTypeId: id, filter: { '@id': ids }, select: NAMES }]))
    rows.forEach(({ result }, i) => add(groups[i]![0], (result as { items: Item[] } | undefined)?.items ?? []))
  }
  typeIds.forEach((typeId, i) => add(typeId, (outcomes[i]?.result as { items: Item[] } | undefined)?.items ?? []))
  return found
}
