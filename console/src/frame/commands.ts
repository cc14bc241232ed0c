// The commands of a frame. What it waits for without limit is always answered; what is not known is passed over, as in the original.
import { language } from '../base/words'
import { askApp } from '../apps/apps'
import { changeBlock, type BuiltIn, type Heard } from './builtin'
import { paramsOf, parseMessage, type Message } from './message'
import { placeOfPath } from './path'

export interface Opened {
  title: string
  handler: string
  placement: string
  height: number // pixels; 0: nothing is said
  fields: Record<string, string>
  domain: string
  protocol: '0' | '1'
  is_admin: boolean
  install: boolean
  first_run: boolean
}

// What the page around the frame does for it.
export interface Parent {
  title(text: string): void
  reload(): void // what the place shows: the card
  value(now: unknown): void // of the field that the frame shows
  reloadAll(): void
  openApplication(options: Record<string, unknown>, closed: (answer: unknown) => void): void
  close(): void // this frame, when another opened it
  openPath(hash: string, closed: () => void): void
  selectUser(several: boolean, done: (answer: unknown) => void): void
  selectAccess(blocked: string[], done: (answer: unknown) => void): void
  selectCrm(params: Record<string, unknown>, done: (answer: unknown) => void): void
  finish(): void // what the place was opened for
  note(): void // of messages and calls, which are not here
  resized(): void
}

export interface Hosted {
  app: number
  opened: Opened
  options: Record<string, unknown>
  sid: string
  frame: HTMLIFrameElement
  origin: string
  parent: Parent
  builtIn?: BuiltIn // it is seen by what it describes
}

type Answer = (value?: unknown) => void
type Command = (hosted: Hosted, params: Record<string, unknown>, answer: Answer, message: Message) => void | Promise<void>

interface Auth {
  AUTH_ID: string
  REFRESH_ID: string
  AUTH_EXPIRES: string
}

// As the application, with the token that its frame has: what it may do is what that may.
async function asApplication<T>(hosted: Hosted, method: string, params: Record<string, unknown>): Promise<T | null> {
  const ask = () =>
    fetch(`/rest/${method}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${hosted.opened.fields.AUTH_ID}` },
      body: JSON.stringify(params)
    })
  let answer = await ask()
  if (answer.status === 401) {
    await renew(hosted)
    answer = await ask()
  }
  return answer.ok ? ((await answer.json()) as { result: T }).result : null
}

async function renew(hosted: Hosted): Promise<Auth> {
  const auth = await askApp<Auth>('refresh', { app: hosted.app })
  Object.assign(hosted.opened.fields, auth)
  return auth
}

const options = async (hosted: Hosted, method: string): Promise<Record<string, unknown>> => {
  const kept = await asApplication<Record<string, unknown> | unknown[]>(hosted, method, {}).catch(() => null)
  return kept && !Array.isArray(kept) ? kept : {}
}

// "100%", or pixels; at least so many that it can be seen.
function sizeOf(value: unknown): string | null {
  if (typeof value === 'string' && /^\d{1,3}%$/.test(value)) return value
  const pixels = Number(value)
  return pixels > 0 ? `${Math.min(Math.round(pixels), 30_000)}px` : null
}

// The commands that are a place's own. Elsewhere they are passed over, as those that nobody knows.
const ofPlaces: { place: RegExp; commands: string[] }[] = [
  { place: /^CRM_\w+_(DETAIL_TAB|DETAIL_TOOLBAR|DETAIL_ACTIVITY|LIST_MENU|LIST_TOOLBAR|TIMELINE_MENU)$/, commands: ['reloadData'] },
  { place: /^USERFIELD_TYPE$/, commands: ['setValue', 'getValue'] }
]
const OF_BUILT_IN = [
  'setLayout', 'setLayoutItemState', 'setPrimaryButtonState', 'setSecondaryButtonState', 'bindLayoutEventCallback', 'bindValueChangeCallback',
  'bindPrimaryButtonClickCallback', 'bindSecondaryButtonClickCallback', 'bindEntityUpdateCallback', 'lock', 'unlock', 'finish'
]
const ownCommands = ({ opened, builtIn }: Hosted): string[] => [...(ofPlaces.find(one => one.place.test(opened.placement))?.commands ?? []), ...(builtIn ? OF_BUILT_IN : [])]
const known = (command: string, hosted: Hosted): boolean =>
  Object.hasOwn(commands, command) && (!(OF_BUILT_IN.includes(command) || ofPlaces.some(one => one.commands.includes(command))) || ownCommands(hosted).includes(command))

// The name of a block, as JSON or as it is; none: of all.
function blockOf(params: string): string {
  try {
    const value: unknown = JSON.parse(params || '""')
    return typeof value === 'string' ? value : ''
  } catch {
    return params
  }
}

// It is answered when that happens, and each time. Nothing is answered at once, which BX24.js would take for the first event; but
// b24jssdk takes what comes before its patience ends (900 ms) for the answer: so long what happens waits.
const PATIENCE_MS = 1000
const bind = (what: Heard): Command => (hosted, _params, answer, message) => {
  const from = performance.now() + PATIENCE_MS
  hosted.builtIn!.listen(what, blockOf(message.params), value => setTimeout(() => answer(value), Math.max(0, from - performance.now())))
}

const setButton = (which: 'primaryButton' | 'secondaryButton'): Command => (hosted, params, answer) => {
  const { layout } = hosted.builtIn!
  const { title, state } = params as { title?: string; state?: string }
  if (layout.value) layout.value = { ...layout.value, [which]: { ...layout.value[which], ...(title === undefined ? {} : { title }), ...(state === undefined ? {} : { state }) } }
  answer([])
}

// BX24.js says the text itself, b24jssdk the JSON of a value: a field's values are texts.
function valueOf(params: string, several: boolean): unknown {
  let value: unknown = params
  try {
    value = JSON.parse(params)
  } catch {
    // it is the text
  }
  if (several && Array.isArray(value)) return value.map(textOfValue)
  return textOfValue(value)
}
const textOfValue = (value: unknown): string => (value === null || value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value))

const commands: Record<string, Command> = {
  async getInitData(hosted, _params, answer) {
    const { opened } = hosted
    const [app, user] = await Promise.all([options(hosted, 'app.option.get'), options(hosted, 'user.option.get')])
    answer({
      DOMAIN: opened.domain,
      PROTOCOL: opened.protocol,
      PATH: '/rest',
      LANG: language,
      MEMBER_ID: opened.fields.member_id,
      IS_ADMIN: opened.is_admin,
      AUTH_ID: opened.fields.AUTH_ID,
      REFRESH_ID: opened.fields.REFRESH_ID,
      AUTH_EXPIRES: opened.fields.AUTH_EXPIRES,
      APP_OPTIONS: app,
      USER_OPTIONS: user,
      PLACEMENT: opened.placement,
      PLACEMENT_OPTIONS: hosted.options,
      INSTALL: opened.install,
      FIRST_RUN: opened.first_run
    })
  },
  async setInstall(hosted, _params, answer) {
    await askApp('ran', { app: hosted.app }).catch(() => undefined)
    hosted.opened.first_run = false
    answer({})
  },
  async setInstallFinish(hosted, _params, answer) {
    await askApp('finish', { app: hosted.app }).catch(() => undefined)
    answer({})
    location.reload() // its main page
  },
  async refreshAuth(hosted, _params, answer) {
    answer(await renew(hosted))
  },
  async setAppOption(hosted, params, answer) {
    await asApplication(hosted, 'app.option.set', { options: { [String(params.name)]: params.value } })
    answer()
  },
  async setUserOption(hosted, params, answer) {
    await asApplication(hosted, 'user.option.set', { options: { [String(params.name)]: params.value } })
    answer()
  },
  resizeWindow(hosted, params, answer) {
    const width = sizeOf(params.width), height = sizeOf(params.height)
    if (width) hosted.frame.style.width = width
    if (height) hosted.frame.style.height = height
    hosted.parent.resized()
    answer()
  },
  setTitle(hosted, params, answer) {
    hosted.parent.title(String(params.title ?? ''))
    answer()
  },
  setScroll(_hosted, params, answer) {
    scrollTo(0, Number(params.scroll) || 0)
    answer()
  },
  reloadWindow: hosted => hosted.parent.reloadAll(),
  openApplication: (hosted, params, answer) => hosted.parent.openApplication(params, answer),
  closeApplication(hosted, _params, answer) {
    answer({})
    hosted.parent.close()
  },
  openPath(hosted, params, answer) {
    const hash = placeOfPath(String(params.path ?? ''))
    if (!hash) answer({ result: 'error', errorCode: 'PATH_NOT_AVAILABLE' })
    else hosted.parent.openPath(hash, () => answer({ result: 'close' }))
  },
  selectUser: (hosted, params, answer) => hosted.parent.selectUser(params.mult === true || params.mult === 'true', answer),
  selectAccess: (hosted, params, answer) => hosted.parent.selectAccess(Array.isArray(params.value) ? params.value.map(String) : [], answer),
  selectCRM: (hosted, params, answer) => hosted.parent.selectCrm(params, answer),
  getInterface: (hosted, _params, answer) => answer({ command: ownCommands(hosted), event: [] }),
  // Events come later with the same key; no place here has any of its own yet.
  placementBindEvent: (_hosted, _params, answer) => answer(),
  setValue(hosted, _params, answer, message) {
    if (hosted.options.MODE === 'edit') {
      hosted.options.VALUE = valueOf(message.params, hosted.options.MULTIPLE === 'Y')
      hosted.parent.value(hosted.options.VALUE)
    }
    answer([])
  },
  getValue: (hosted, _params, answer) => answer(hosted.options.VALUE),
  reloadData(hosted, _params, answer) {
    hosted.parent.reload()
    answer()
  },
  setLayout(hosted, params, answer) {
    hosted.builtIn!.layout.value = params
    answer([])
  },
  setLayoutItemState(hosted, params, answer) {
    const { id, visible, properties } = params as { id?: string; visible?: boolean; properties?: object }
    changeBlock(hosted.builtIn!, String(id ?? ''), block => ({ ...block, visible: visible ?? block.visible, properties: { ...block.properties, ...properties } }))
    answer([])
  },
  setPrimaryButtonState: setButton('primaryButton'),
  setSecondaryButtonState: setButton('secondaryButton'),
  bindLayoutEventCallback: bind('layout'),
  bindValueChangeCallback: bind('value'),
  bindPrimaryButtonClickCallback: bind('primary'),
  bindSecondaryButtonClickCallback: bind('secondary'),
  bindEntityUpdateCallback: bind('entity'),
  lock(hosted, _params, answer) {
    hosted.builtIn!.locked.value = true
    answer([])
  },
  unlock(hosted, _params, answer) {
    hosted.builtIn!.locked.value = false
    answer([])
  },
  finish(hosted, _params, answer) {
    answer([])
    hosted.parent.finish()
  },
  imCallTo: hosted => hosted.parent.note(),
  imPhoneTo: hosted => hosted.parent.note(),
  imOpenMessenger: hosted => hosted.parent.note(),
  imOpenHistory: hosted => hosted.parent.note()
}

const WAITS = ['getInitData', 'setInstall', 'setInstallFinish', 'openApplication', 'closeApplication', 'selectUser', 'selectAccess', 'selectCRM', 'openPath']

// Hears the messages of one rendering of one frame.
export function answerer(hosted: Hosted): (event: MessageEvent) => void {
  return event => {
    if (event.source !== hosted.frame.contentWindow || event.origin !== hosted.origin) return
    const message = parseMessage(event.data)
    if (!message || message.sid !== hosted.sid || !known(message.command, hosted)) return
    const to = event.source as Window
    const answer: Answer = value => message.callback && to.postMessage(`${message.callback}:${value === undefined ? '' : JSON.stringify(value)}`, hosted.origin)
    void (async () => {
      try {
        await commands[message.command]!(hosted, paramsOf(message), answer, message)
      } catch {
        if (WAITS.includes(message.command)) answer(null)
      }
    })()
  }
}
