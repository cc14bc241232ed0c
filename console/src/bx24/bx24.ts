// /api/v1/: the functions that pages in a frame use, documented under sdk/bx24-js-sdk. A page that names this server instead of the
// vendor's runs without the internet. It needs its frame's name and the messages of the page around it, and nothing else.
import { ask, hear, listen, origin, portal } from './parent'
import { AjaxResult, encode, send, type Done, type Params } from './rest'

type Callback = (...args: never[]) => void

interface InitData {
  LANG: string
  MEMBER_ID: string
  IS_ADMIN: boolean
  AUTH_ID: string
  REFRESH_ID: string
  AUTH_EXPIRES: string
  APP_OPTIONS: Params
  USER_OPTIONS: Params
  PLACEMENT: string
  PLACEMENT_OPTIONS: Params
  INSTALL: boolean
  FIRST_RUN: boolean
}

let data: InitData | null = null
let expires = 0
let started = false // init's handlers have run, or may run
const onInit: (() => void)[] = []
const onInstall: (() => void)[] = []
const run = (list: (() => void)[]) => list.splice(0).forEach(one => one())
const call = (callback: unknown, ...args: unknown[]) => typeof callback === 'function' && (callback as (...args: unknown[]) => void)(...args)

/* ---- the start ---- */

function begin(): void {
  started = true
  run(onInit)
}

function takeAuth(auth: Pick<InitData, 'AUTH_ID' | 'REFRESH_ID' | 'AUTH_EXPIRES'>): void {
  Object.assign(data!, auth)
  expires = Date.now() + Number(auth.AUTH_EXPIRES) * 1000
}

function initialised(answer: unknown): void {
  data = answer as InitData
  takeAuth(data)
  if (!data.FIRST_RUN || data.INSTALL) {
    begin()
    return
  }
  ask('setInstall', { install: true }, () => undefined)
  onInstall.length ? run(onInstall) : begin()
}

function whenReady(work: () => void): void {
  document.readyState === 'loading' ? document.addEventListener('DOMContentLoaded', work, { once: true }) : queueMicrotask(work)
}

whenReady(() => ask('getInitData', undefined, initialised))

// Before init: once it is done.
const after = (work: () => void) => (started ? work() : void onInit.push(work))

/* ---- authorization ---- */

function auth() {
  if (!data || Date.now() >= expires) return false
  return { access_token: data.AUTH_ID, refresh_token: data.REFRESH_ID, expires_in: expires, domain: portal, member_id: data.MEMBER_ID }
}

function refreshAuth(callback?: Callback): void {
  ask('refreshAuth', {}, answer => {
    takeAuth(answer as InitData)
    call(callback, auth())
  })
}

const fresh = () => new Promise<void>(done => (auth() ? done() : refreshAuth(() => done())))

/* ---- calls ---- */

async function request(method: string, params: unknown): Promise<Awaited<ReturnType<typeof send>>> {
  await fresh()
  const body = await encode(params)
  const once = () => send(method, [...body, `auth=${encodeURIComponent(data!.AUTH_ID)}`].join('&'))
  const reply = await once()
  if (reply.answer.error !== 'expired_token') return reply
  await new Promise<void>(done => refreshAuth(() => done()))
  return once()
}

function callMethod(method: string, params?: Params, callback?: Done): void {
  after(() =>
    void request(method, params).then(({ status, answer }) =>
      call(callback, new AjaxResult(answer, { method, data: params ?? {}, callback }, status, callMethod))
    )
  )
}

interface BatchAnswer {
  result: Params
  result_error: Record<string, { error: string; error_description?: string }>
  result_total: Record<string, number>
  result_next: Record<string, number>
  result_time: Params
}

type Call = [string, Params?] | { method: string; params?: Params }

async function batch(calls: Call[] | Record<string, Call>, callback: unknown, halt: boolean): Promise<void> {
  const all = Object.entries(calls).map(([key, one]) => ({ key, method: Array.isArray(one) ? one[0] : one.method, params: (Array.isArray(one) ? one[1] : one.params) ?? {} }))
  const cmd: Params = {}
  for (const { key, method, params } of all) cmd[key] = `${method}?${(await encode(params)).join('&')}`
  const { status, answer } = await request('batch', { halt: halt ? 1 : 0, cmd })
  const got = answer.result as BatchAnswer | undefined
  const results: Record<string, AjaxResult> | AjaxResult[] = Array.isArray(calls) ? [] : {}
  for (const { key, method, params } of all) {
    const error = got ? got.result_error?.[key] : { error: answer.error!, error_description: answer.error_description }
    ;(results as Record<string, AjaxResult>)[key] = new AjaxResult(
      error ? { ...error } : { result: got!.result?.[key], total: got!.result_total?.[key], next: got!.result_next?.[key], time: got!.result_time?.[key] },
      { method, data: params }, status, callMethod
    )
  }
  call(callback, results)
}

/* ---- options: known at once, kept by the portal ---- */

const option = (command: string, of: () => Params) => ({
  get: (name: string): unknown => of()[name],
  set(name: string, value: unknown, callback?: Callback): void {
    of()[name] = value
    ask(command, { name, value }, () => call(callback, of()))
  }
})

/* ---- the window ---- */

function scrollSize() {
  const { body, documentElement: root } = document
  return { scrollWidth: Math.max(root.scrollWidth, root.offsetWidth, body.scrollWidth), scrollHeight: Math.max(body.scrollHeight, body.offsetHeight, root.offsetHeight) }
}

function resize(width: number | string, height: number, callback?: Callback): void {
  const high = Number.parseInt(String(height))
  if (high > 0) ask('resizeWindow', { width: width === '100%' ? width : Number.parseInt(String(width)) || 100, height: high }, () => call(callback))
}

const told = (command: string, params: object, callback?: unknown) => ask(command, params, answer => call(callback, answer))
// The value of a field is its text; what else is no object is JSON.
function paramsOf(command: string, given: unknown): object | string {
  if (command === 'setValue') return typeof given === 'object' && given ? JSON.stringify(given) : String(given ?? '')
  if (typeof given === 'string') return JSON.stringify(given)
  return typeof given === 'object' && given ? given : {}
}
// A title may stand before the function, and is not used.
const lastOf = (args: unknown[]) => args.filter(one => typeof one === 'function').at(-1)

function loadScript(script: string | string[], callback?: Callback): void {
  const rest = [script].flat()
  const next = () => {
    const src = rest.shift()
    if (src === undefined) return void call(callback)
    const tag = document.createElement('script')
    tag.src = src
    tag.onload = tag.onerror = next
    document.head.append(tag)
  }
  whenReady(next)
}

const proxies = new WeakMap<object, Map<unknown, (...args: unknown[]) => unknown>>()
let called: unknown = null // whom a proxy that runs was called on

function proxy(work: (...args: unknown[]) => unknown, self: unknown): (...args: unknown[]) => unknown {
  const of = proxies.get(work) ?? new Map<unknown, (...args: unknown[]) => unknown>()
  proxies.set(work, of)
  let made = of.get(self)
  if (!made) {
    made = function (this: unknown, ...args: unknown[]) {
      const before = called
      called = this
      try {
        return work.apply(self, args)
      } finally {
        called = before
      }
    }
    of.set(self, made)
  }
  return made
}

const VENDOR: Record<string, string[]> = { mousewheel: ['DOMMouseScroll'], transitionend: ['webkitTransitionEnd', 'msTransitionEnd', 'oTransitionEnd'] }
const names = (event: string) => [event, ...(VENDOR[event] ?? [])]

const BX24 = {
  init: (callback: Callback) => after(() => call(callback)),
  install(what: Callback | string) {
    onInstall.push(() => (typeof what === 'string' ? loadScript(what, BX24.installFinish) : call(what)))
  },
  installFinish() {
    if (data?.INSTALL) ask('setInstallFinish', {}, () => undefined)
    else if (!started) begin()
  },
  getAuth: auth,
  refreshAuth,
  callMethod,
  callBatch: (calls: Call[] | Record<string, Call>, callback?: Callback, halt = false) => after(() => void batch(calls, callback, halt)),
  callBind: (event: string, handler: string, user?: number, callback?: Done) => callMethod('event.bind', { event, handler, auth_type: user ?? 0 }, callback),
  callUnbind: (event: string, handler: string, user?: number, callback?: Done) => callMethod('event.unbind', { event, handler, auth_type: user ?? 0 }, callback),
  appOption: option('setAppOption', () => data?.APP_OPTIONS ?? {}),
  userOption: option('setUserOption', () => data?.USER_OPTIONS ?? {}),
  placement: {
    info: () => ({ placement: data?.PLACEMENT, options: data?.PLACEMENT_OPTIONS }),
    getInterface: (callback: Callback) => told('getInterface', {}, callback),
    call: (command: string, ...args: unknown[]) => {
      const params = paramsOf(command, args[0])
      const done = (answer: unknown) => call(lastOf(args), answer)
      if (/^bind\w+Callback$/.test(command)) hear(command, params, done)
      else ask(command, params, done)
    },
    bindEvent: (event: string, callback: Callback) => listen('placementBindEvent', { event }, answer => call(callback, answer))
  },
  selectUser: (...args: unknown[]) => told('selectUser', { mult: false }, lastOf(args)),
  selectUsers: (...args: unknown[]) => told('selectUser', { mult: true }, lastOf(args)),
  selectAccess: (...args: unknown[]) => told('selectAccess', { value: args.find(Array.isArray) ?? [] }, lastOf(args)),
  selectCRM: (...args: unknown[]) => told('selectCRM', typeof args[0] === 'object' && args[0] ? args[0] : {}, lastOf(args)),
  isAdmin: () => Boolean(data?.IS_ADMIN),
  getLang: () => data?.LANG ?? 'en',
  getDomain: (withProtocol = false) => (withProtocol ? origin : portal),
  isReady: () => document.readyState !== 'loading',
  ready: (callback: Callback) => whenReady(() => call(callback)),
  resizeWindow: resize,
  fitWindow: (callback?: Callback) => resize('100%', scrollSize().scrollHeight, callback),
  getScrollSize: scrollSize,
  scrollParentWindow: (scroll: number, callback?: Callback) => told('setScroll', { scroll: Math.max(0, Number.parseInt(String(scroll)) || 0) }, callback),
  setTitle: (title: unknown, callback?: Callback) => told('setTitle', { title: String(title) }, callback),
  reloadWindow: (callback?: Callback) => told('reloadWindow', {}, callback),
  openApplication(params?: Params | Callback, closed?: Callback, settings?: Params) {
    const given: Params = { ...(typeof params === 'object' ? params : {}) }
    for (const [key, value] of Object.entries(settings ?? {})) given[`bx24_${key}`] = value
    told('openApplication', given, typeof params === 'function' ? params : closed)
  },
  closeApplication: (callback?: Callback) => told('closeApplication', {}, callback),
  openPath: (path: string, callback?: Callback) => told('openPath', { path }, callback),
  im: {
    callTo: (userId: number, video = true) => ask('imCallTo', { userId, video }),
    phoneTo: (phone: string) => ask('imPhoneTo', { phone }),
    openMessenger: (dialogId?: number | string) => ask('imOpenMessenger', { dialogId }),
    openHistory: (dialogId: number | string) => ask('imOpenHistory', { dialogId })
  },
  loadScript,
  bind: (element: EventTarget, event: string, work: EventListener) => names(event).forEach(name => element.addEventListener(name, work)),
  unbind: (element: EventTarget, event: string, work: EventListener) => names(event).forEach(name => element.removeEventListener(name, work)),
  proxy,
  proxyContext: () => called
}

Object.assign(window, { BX24 })
