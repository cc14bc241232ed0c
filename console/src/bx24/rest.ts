// Calls of the portal's methods from a frame, and what they came to. Used by: bx24.ts.
import { origin } from './parent'

export type Params = Record<string, unknown>

interface Envelope {
  result?: unknown
  error?: string
  error_description?: string
  total?: number
  next?: number
  time?: unknown
}

// As a text it says what went wrong.
export class AjaxError {
  constructor(
    readonly status: number,
    readonly ex: { error: string; error_description?: string }
  ) {}
  getError = () => this.ex
  getStatus = () => this.status
  toString = () => `${this.ex.error}${this.ex.error_description ? `: ${this.ex.error_description}` : ''} (${this.status})`
}

export type Done = (result: AjaxResult) => void

export class AjaxResult {
  constructor(
    readonly answer: Envelope,
    readonly query: { method: string; data: Params; callback?: Done },
    readonly status: number,
    private readonly again: (method: string, params: Params, callback?: Done) => unknown
  ) {}
  data = (): unknown => this.answer.result
  error = (): AjaxError | undefined => (this.answer.error === undefined ? undefined : new AjaxError(this.status, { error: this.answer.error, error_description: this.answer.error_description }))
  error_description = (): string | undefined => this.answer.error_description
  more = (): boolean => Number.isInteger(this.answer.next)
  total = (): number => Number(this.answer.total)
  time = (): unknown => this.answer.time
  next = (callback?: Done): unknown => (this.more() ? this.again(this.query.method, { ...this.query.data, start: this.answer.next }, callback ?? this.query.callback) : false)
}

async function base64(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(text)
}

// A field of a form stands for its value, one of files for [name, Base64].
async function valueOf(value: unknown): Promise<unknown> {
  if (value instanceof HTMLInputElement && value.type === 'file') {
    const files = await Promise.all([...(value.files ?? [])].map(async file => [file.name, await base64(file)]))
    return value.multiple ? files : (files[0] ?? '')
  }
  if (value instanceof HTMLInputElement || value instanceof HTMLSelectElement || value instanceof HTMLTextAreaElement) return value.value
  return value
}

// As PHP reads a form: a[b][0]=c. What is empty is sent as an empty text.
export async function encode(params: unknown, name = ''): Promise<string[]> {
  const parts: string[] = []
  for (const [key, given] of Object.entries((params ?? {}) as Params)) {
    const value = await valueOf(given), path = name ? `${name}[${key}]` : key
    if (value === undefined || typeof value === 'function') continue
    const list = value instanceof Date ? [] : value && typeof value === 'object' ? await encode(value, path) : []
    if (list.length) parts.push(...list)
    else parts.push(`${encodeURIComponent(path)}=${encodeURIComponent(value instanceof Date ? value.toISOString() : value === true ? '1' : value === false ? '0' : value === null || typeof value === 'object' ? '' : String(value))}`)
  }
  return parts
}

export async function send(method: string, body: string): Promise<{ status: number; answer: Envelope }> {
  try {
    const reply = await fetch(`${origin}/rest/${method}.json`, { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body })
    return { status: reply.status, answer: (await reply.json()) as Envelope }
  } catch (error) {
    return { status: 0, answer: { error: 'NETWORK_ERROR', error_description: error instanceof Error ? error.message : String(error) } }
  }
}
