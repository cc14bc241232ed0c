// The portal's REST methods, called as the person who is signed in.
import { currentToken, forgetToken } from './session'

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

async function post(method: string, params: object): Promise<Response> {
  return fetch(`/rest/${method}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${await currentToken()}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(params)
  })
}

export async function call<T>(method: string, params: object = {}): Promise<Answer<T>> {
  let answer = await post(method, params)
  if (answer.status === 401) {
    forgetToken()
    answer = await post(method, params)
  }
  const json = await answer.json()
  if (!answer.ok) throw new RestError(json.error, json.error_description, answer.status)
  return json
}

export async function rest<T>(method: string, params: object = {}): Promise<T> {
  return (await call<T>(method, params)).result
}

// Several calls in one request; rejects with the first error.
export async function batch<T extends Record<string, unknown>>(calls: Record<keyof T, [string, object]>): Promise<T> {
  const answer = await rest<{ result: T; result_error: Record<string, { error: string; error_description: string }> }>(
    'batch',
    { halt: 1, cmd: calls }
  )
  const failed = Object.values(answer.result_error ?? {})[0]
  if (failed) throw new RestError(failed.error, failed.error_description, 400)
  return answer.result
}
