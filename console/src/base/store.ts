// What was read, and when it is read again. A read has a key and tags; whoever changes something touches its tags
// ("2" for deals, "2:15" for one, "activity"), and what is on the screen with such a tag is read anew.
import { signal, type Signal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'

export interface Read<T> {
  data?: T
  error?: Error
  busy: boolean
}

interface Entry {
  state: Signal<Read<unknown>>
  tags: string[]
  fetch: () => Promise<unknown>
  users: number
  turn: number
}

const entries = new Map<string, Entry>()
const KEPT = 40 // reads that nobody looks at, for going back

async function load(entry: Entry): Promise<void> {
  const turn = ++entry.turn
  entry.state.value = { ...entry.state.value, busy: true }
  try {
    const data = await entry.fetch()
    if (turn === entry.turn) entry.state.value = { data, busy: false }
  } catch (error) {
    if (turn === entry.turn)
      entry.state.value = { ...entry.state.value, error: error as Error, busy: false }
  }
}

function forgetOld(): void {
  const idle = [...entries].filter(([, entry]) => !entry.users)
  for (const [key] of idle.slice(0, Math.max(0, idle.length - KEPT))) entries.delete(key)
}

// Shows what is known at once, and reads it again. `key` names what is read; null: nothing is, yet.
export function useRead<T>(key: string | null, tags: string[], fetch: () => Promise<T>): Read<T> & { again: () => void } {
  const entry = useMemo(() => {
    if (key === null) return null
    let found = entries.get(key)
    if (!found) {
      found = { state: signal<Read<unknown>>({ busy: true }), tags, fetch, users: 0, turn: 0 }
      entries.set(key, found)
    }
    return found
  }, [key])
  useEffect(() => {
    if (!entry) return
    entry.users++
    entry.fetch = fetch
    entry.tags = tags
    void load(entry)
    return () => {
      entry.users--
      forgetOld()
    }
  }, [entry])
  if (entry) entry.fetch = fetch
  const state = (entry?.state.value ?? { busy: true }) as Read<T>
  return { ...state, again: () => void (entry && load(entry)) }
}

type Touched = (tags: Set<string>) => void
const others: Touched[] = []

// For what keeps something of its own of what is read (base/names).
export function whenTouched(listener: Touched): void {
  others.push(listener)
}

let waiting: Set<string> | null = null

// Of changes that come together what they touch is read once.
export function touch(...tags: string[]): void {
  if (!waiting) {
    waiting = new Set()
    setTimeout(() => {
      const touched = waiting!
      waiting = null
      for (const [key, entry] of entries) {
        if (!touched.has('*') && !entry.tags.some(tag => touched.has(tag))) continue
        if (entry.users) void load(entry)
        else entries.delete(key)
      }
      for (const listener of others) listener(touched)
    }, 0)
  }
  for (const tag of tags) waiting.add(tag)
}

export function forgetAll(): void {
  entries.clear()
}
