// The portal's methods and pages, called as the person who is signed in.
import { currentToken, forgetToken } from './session'
import { words } from './words'

export class RestError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status: number
  ) {
    super(message || code)
  }
}

export interface Answer<T> {
  result: T
  total?: number
  next?: number
}

export type Params = Record<string, unknown>

async function send(path: string, method: string, body?: unknown): Promise<Response> {
  const headers: Record<string, string> = { Authorization: `Bearer ${await currentToken()}` }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  try {
    return await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) })
  } catch {
    throw new RestError('OFFLINE', words.offline, 0)
  }
}

// Any address of this server, with the token; what it answers is JSON.
export async function page<T>(path: string, method = 'GET', body?: unknown): Promise<T> {
  let answer = await send(path, method, body)
  if (answer.status === 401) {
    forgetToken()
    answer = await send(path, method, body)
  }
  const json = await answer.json()
  if (!answer.ok) throw new RestError(String(json.error ?? ''), json.error_description, answer.status)
  return json
}

export function call<T>(method: string, params: Params = {}): Promise<Answer<T>> {
  return page(`/rest/${method}`, 'POST', params)
}

export async function rest<T>(method: string, params: Params = {}): Promise<T> {
  return (await call<T>(method, params)).result
}

export interface Outcome {
  result?: unknown
  total?: number
  next?: number
  error?: RestError
}

interface BatchAnswer {
  result: Record<string, unknown> | unknown[]
  result_error: Record<string, { error: string; error_description: string }> | unknown[]
  result_total: Record<string, number> | unknown[]
  result_next: Record<string, number> | unknown[]
}

const MOST = 50

interface Asked {
  method: string
  params: Params
  resolve: (result: unknown) => void
  reject: (error: unknown) => void
}

let asked: Asked[] | null = null

async function ask(all: Asked[]): Promise<void> {
  const [only] = all
  if (only && all.length === 1) return rest(only.method, only.params).then(only.resolve, only.reject)
  try {
    const outcomes = await each(all.map(one => [one.method, one.params]))
    all.forEach((one, i) => (outcomes[i]!.error ? one.reject(outcomes[i]!.error) : one.resolve(outcomes[i]!.result)))
  } catch (error) {
    all.forEach(one => one.reject(error))
  }
}

// A read: those of one turn go in one request. Not for what changes something, and not for what takes long, which the others
// would wait for.
export function read<T>(method: string, params: Params = {}): Promise<T> {
  if (!asked) {
    asked = []
    setTimeout(() => {
      const all = asked!
      asked = null
      void ask(all)
    }, 0)
  }
  return new Promise<T>((resolve, reject) => asked!.push({ method, params, resolve: resolve as (result: unknown) => void, reject }))
}

// Any number of calls, fifty a request, each with its own outcome. They do not depend on each other.
export async function each(calls: [string, Params][]): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (let from = 0; from < calls.length; from += MOST) {
    const part = calls.slice(from, from + MOST)
    const cmd = Object.fromEntries(part.map(([method, params], i) => [`c${i}`, { method, params }]))
    const answer = await rest<BatchAnswer>('batch', { halt: 0, cmd })
    const pick = <T>(of: unknown, i: number) => (of as Record<string, T> | undefined)?.[`c${i}`]
    part.forEach((_, i) => {
      const wrong = pick<{ error: string; error_description: string }>(answer.result_error, i)
      outcomes.push({
        result: pick(answer.result, i),
        total: pick<number>(answer.result_total, i),
        next: pick<number>(answer.result_next, i),
        error: wrong && new RestError(wrong.error, wrong.error_description, 400)
      })
    })
  }
  return outcomes
}
