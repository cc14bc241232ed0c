// What others change: a stream tells type and id, and what shows them is read again (base/store). Of the tabs of a browser one
// listens and tells the others, where the browser lets them agree on one (navigator.locks).
import { signal } from '@preact/signals'
import { currentToken, session } from './session'
import { touch } from './store'

export const listening = signal(false)

const PAUSES_MS = [500, 1000, 2000, 5000, 15_000]

type Hear = (name: string, data: Record<string, unknown>) => void

// One event is lines up to an empty one: "event: change", "data: {...}".
function takeEvents(text: string, hear: Hear): string {
  for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
    let name = '', data = ''
    for (const line of text.slice(0, end).split('\n')) {
      if (line.startsWith('event:')) name = line.slice(6).trim()
      else if (line.startsWith('data:')) data += line.slice(5).trim()
    }
    if (name) hear(name, data ? JSON.parse(data) : {})
  }
  return text
}

async function listen(query: string, hear: Hear, until: AbortSignal): Promise<void> {
  const answer = await fetch(`/console/stream${query}`, { headers: { Authorization: `Bearer ${await currentToken()}` }, signal: until })
  if (!answer.ok || !answer.body) throw new Error(`${answer.status}`)
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
  for (let rest = ''; ; ) {
    const { value, done } = await reader.read()
    if (done) return
    rest = takeEvents(rest + value, hear)
  }
}

// Until it is aborted or one signs out. When the stream breaks it is asked for again, and once it is back `reset` is heard: not
// before, or what changes between that reading and the stream would be missed; and a server without one is not read over and over.
export async function follow(query: string, hear: Hear, until: AbortSignal): Promise<void> {
  for (let tries = 0, first = true; !until.aborted && session.value.is === 'in'; tries++, first = false) {
    const again: Hear = (name, data) => {
      hear(name, data)
      if (name === 'ready' && !first) hear('reset', {})
    }
    try {
      await listen(query, again, until)
      tries = -1
    } catch {
      // the server went, or the net
    }
    if (until.aborted) return
    await new Promise(resolve => setTimeout(resolve, PAUSES_MS[Math.min(Math.max(tries, 0), PAUSES_MS.length - 1)]))
  }
}

function take(name: string, data: Record<string, unknown>): void {
  if (name === 'ready') listening.value = true
  if (name === 'reset') touch('*')
  if (name !== 'change') return
  const tag = data.entityTypeId === 6 ? 'activity' : String(data.entityTypeId)
  touch(tag, `${tag}:${data.id}`)
}

let stopper: AbortController | null = null

export function startListening(): void {
  stopListening()
  const until = (stopper = new AbortController()).signal
  const channel = new BroadcastChannel('rapport')
  until.addEventListener('abort', () => channel.close())
  const tell: Hear = (name, data) => {
    take(name, data)
    if (!until.aborted) channel.postMessage({ name, data })
  }
  channel.onmessage = event => take(event.data.name, event.data.data)
  if (navigator.locks) void navigator.locks.request('rapport stream', { signal: until }, () => follow('', tell, until)).catch(() => undefined)
  else void follow('', take, until)
}

export function stopListening(): void {
  stopper?.abort()
  stopper = null
  listening.value = false
}
