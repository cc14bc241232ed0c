// What the page around the frame is asked: "command:PARAMS:CALLBACK:APP_SID", answered as "CALLBACK:JSON". The frame's name says where
// the portal is. Used by: bx24.ts.
type Callback = (answer: unknown) => void

const [domain = '', protocol = '0', sid = ''] = window.name.split('|')
export const portal = domain.replace(/:(80|443)$/, '')
export const origin = `${protocol === '1' ? 'https' : 'http'}://${portal}`
const waiting = new Map<string, Callback>()
const kept = new Map<string, Callback>() // of events: answered again and again
let last = 0

addEventListener('message', event => {
  if (event.origin !== origin || typeof event.data !== 'string') return
  const colon = event.data.indexOf(':')
  const key = event.data.slice(0, colon), text = event.data.slice(colon + 1)
  const once = waiting.get(key), every = kept.get(key)
  if (!once && !every) return
  let answer: unknown
  try {
    answer = text ? JSON.parse(text) : undefined
  } catch {
    return
  }
  waiting.delete(key)
  ;(once ?? every)!(answer)
})

function post(command: string, params: string, key: string): void {
  if (!sid) return // opened on its own: nobody is there to ask
  const message: string | object = command.includes(':') ? { method: command, params, callback: key, appSid: sid } : `${command}:${params}:${key}:${sid}`
  parent.postMessage(message, origin)
}

// `params` that is a text goes as it is.
export function ask(command: string, params?: object | string, callback?: Callback): void {
  const key = callback ? `bx24_${++last}` : ''
  if (callback) waiting.set(key, callback)
  post(command, typeof params === 'string' ? params : params ? JSON.stringify(params) : '', key)
}

// Told each time.
export function hear(command: string, params: object | string, callback: Callback): void {
  const key = `bx24_${++last}`
  kept.set(key, callback)
  post(command, typeof params === 'string' ? params : JSON.stringify(params), key)
}

// Acknowledged first, then told each time.
export function listen(command: string, params: object, callback: Callback): void {
  const key = `bx24_${++last}`
  waiting.set(key, () => kept.set(key, callback))
  post(command, JSON.stringify(params), key)
}
