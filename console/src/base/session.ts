// Who is signed in, and the token that calls carry. It is kept here and nowhere else: a reload asks for the next.
import { signal } from '@preact/signals'

export interface Person {
  id: number
  name: string
  isAdmin: boolean
}

type State = { is: 'asking' } | { is: 'out'; why?: string } | { is: 'in'; person: Person; control: boolean }

interface Grant {
  token: string
  expires_in: number
  user_id: number
  is_admin: boolean
  control: boolean
}

export const session = signal<State>({ is: 'asking' })

let token = ''
let until = 0
let asking: Promise<string> | null = null

export class Refused extends Error {
  constructor(
    message: string,
    readonly status: number
  ) {
    super(message)
  }
}

// A right password that a code has to follow.
export interface Ticket {
  second_factor: true
  ticket: string
  expires_in: number
}

type OwnPage = 'session' | 'account' | 'admin' | 'role' | 'hook' | 'app'

async function ask<T>(body: Record<string, string | number | string[]>, page: OwnPage = 'session'): Promise<T> {
  const answer = await fetch(`/console/${page}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body)
  })
  const json = await answer.json()
  if (!answer.ok) throw new Refused(json.error_description ?? json.error, answer.status)
  return json
}

const MARGIN_MS = 60_000 // the next token is asked for before this one has run out

function keep(grant: Grant): string {
  token = grant.token
  until = Date.now() + grant.expires_in * 1000 - MARGIN_MS
  return token
}

// For a call. Rejects when the session has ended.
export async function currentToken(): Promise<string> {
  if (token && Date.now() < until) return token
  asking ??= ask<Grant>({ action: 'token' })
    .then(keep)
    .catch(error => {
      if (error instanceof Refused && error.status === 401) signedOut()
      throw error
    })
    .finally(() => (asking = null))
  return asking
}

export function forgetToken(): void {
  until = 0
}

function signedOut(why?: string): void {
  token = ''
  until = 0
  session.value = { is: 'out', why }
}

async function enter(grant: Grant): Promise<void> {
  keep(grant)
  const answer = await fetch('/rest/user.get', {
    method: 'POST',
    headers: { Authorization: `Bearer ${grant.token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ ID: grant.user_id })
  })
  const user = (await answer.json()).result?.[0] ?? {}
  const name = [user.NAME, user.LAST_NAME].filter(Boolean).join(' ') || user.EMAIL || `#${grant.user_id}`
  session.value = {
    is: 'in',
    person: { id: grant.user_id, name, isAdmin: grant.is_admin },
    control: grant.control
  }
}

// At the start: by the link of the address, which is taken out of it, or by the cookie of an earlier sign-in.
export async function begin(): Promise<void> {
  const link = /^#signin=(\w+)$/.exec(location.hash)?.[1]
  if (link) history.replaceState(null, '', location.pathname)
  try {
    await enter(await ask<Grant>(link ? { action: 'link', code: link } : { action: 'token' }))
  } catch (error) {
    signedOut(link && error instanceof Error ? error.message : undefined)
  }
}

// A ticket: nobody is in yet.
export async function signIn(login: string, password: string): Promise<Ticket | null> {
  const answer = await ask<Grant | Ticket>({ action: 'signin', login, password })
  if ('ticket' in answer) return answer
  await enter(answer)
  return null
}

// `code`: of the device, or a recovery code.
export async function signInByCode(ticket: Ticket, code: string): Promise<void> {
  await enter(await ask<Grant>({ action: 'code', ticket: ticket.ticket, code }))
}

export async function signOut(where: 'here' | 'elsewhere' | 'everywhere'): Promise<void> {
  await ask({ action: { here: 'signout', elsewhere: 'signout_all', everywhere: 'signout_everywhere' }[where] })
  if (where !== 'elsewhere') signedOut()
}

// What the other pages of this host offer to who is signed in; rejects with their words for people.
export async function askOwn<T>(page: OwnPage, action: string, more: Record<string, string | number | string[]> = {}): Promise<T> {
  try {
    return await ask<T>({ action, ...more }, page)
  } catch (error) {
    if (error instanceof Refused && error.status === 401) signedOut()
    throw error
  }
}

export const askAccount = <T>(action: string, more: Record<string, string> = {}): Promise<T> => askOwn<T>('account', action, more)

export async function changePassword(login: string, old: string, password: string): Promise<void> {
  await ask({ action: 'password', login, old, password })
}
