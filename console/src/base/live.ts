// What others change: a stream tells type and id, and what shows them is read again (base/store). Without a stream the
// screens show what they read last.
import { signal } from '@preact/signals'
import { currentToken, session } from './session'
import { touch } from './store'

export const listening = signal(false)

const PAUSES_MS = [500, 1000, 2000, 5000, 15_000]
let stopper: AbortController | null = null

interface Told {
  entityTypeId?: number
  id?: number
  reset?: boolean
}

function hear(name: string, data: string): void {
  if (name === 'reset') return touch('*')
  if (name !== 'change') return
  const told = JSON.parse(data) as Told
  const tag = told.entityTypeId === 6 ? 'activity' : String(told.entityTypeId)
  touch(tag, `${tag}:${told.id}`, 'change')
}

// One event is lines up to an empty one: "event: change", "data: {...}".
function takeEvents(text: string): string {
  for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
    let name = 'message', data = ''
    for (const line of text.slice(0, end).split('\n')) {
      if (line.startsWith('event:')) name = line.slice(6).trim()
      else if (line.startsWith('data:')) data += line.slice(5).trim()
    }
    if (data) hear(name, data)
  }
  return text
}

// True when the server has such a stream.
async function listen(signal: AbortSignal): Promise<boolean> {
  const answer = await fetch('/console/stream', { headers: { Authorization: `Bearer ${await currentToken()}` }, signal })
  if (answer.status === 404) return false
  if (!answer.ok || !answer.body) throw new Error(`${answer.status}`)
  listening.value = true
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
  for (let rest = ''; ; ) {
    const { value, done } = await reader.read()
    if (done) return true
    rest = takeEvents(rest + value)
  }
}

export async function startListening(): Promise<void> {
  stopper?.abort()
  const { signal } = (stopper = new AbortController())
  for (let tries = 0; !signal.aborted && session.value.is === 'in'; tries++) {
    try {
      if (!(await listen(signal))) return
      tries = -1
    } catch {
      // the server went, or the net: it is tried again
    }
    listening.value = false
    if (signal.aborted) return
    await new Promise(resolve => setTimeout(resolve, PAUSES_MS[Math.min(Math.max(tries, 0), PAUSES_MS.length - 1)]))
    touch('*')
  }
}

export function stopListening(): void {
  stopper?.abort()
  listening.value = false
}
