// The calls as they come: what was asked, by whom, what was answered, and what was ignored of it.
import { useEffect, useRef, useState } from 'preact/hooks'
import { showDuration, showTime } from '../base/format'
import { page, rest, type Params } from '../base/rest'
import { follow } from '../base/live'
import { keep } from '../base/router'
import { Icon } from '../pieces/icon'
import { Empty, Menu, Name } from '../pieces/pieces'
import { attempt, complain, say } from '../pieces/toast'
import type { ScreenProps } from '../screens'
import { Json, parsed } from './json'
import { snippets } from './snippets'
import { words } from './words'

interface Command {
  key: string
  method: string
  params: unknown
  left_out: string[]
}

interface CallRow {
  id: number
  date: string
  method: string
  params?: Params | null
  commands?: Command[] | null
  left_out: string[]
  status: number
  error: string | null
  user: number | null
  credential: number | null
  console: boolean
  client: string
  fault: string | null
  duration: number
  request_id: string
  answer: string | null
}

const GATHER_MS = 200 // calls that come together are read together
const KEPT = 1000

const leftOut = (call: CallRow) => [...call.left_out, ...(call.commands ?? []).flatMap(one => one.left_out.map(name => `${one.key}: ${name}`))]

// The stream says that calls came; what they were is read by their ids.
function useCalls(paused: boolean): [CallRow[], () => void] {
  const [calls, setCalls] = useState<CallRow[]>([])
  const last = useRef(0)
  useEffect(() => {
    if (paused) return
    const until = new AbortController()
    let timer = 0
    const look = async () => {
      timer = 0
      try {
        const fresh = await page<CallRow[]>(`/_rapport/calls?after=${last.current}`)
        if (until.signal.aborted || !fresh.length) return
        last.current = fresh.at(-1)!.id
        setCalls(now => [...fresh.reverse(), ...now].slice(0, KEPT))
      } catch (error) {
        if (!until.signal.aborted) complain(error)
      }
    }
    void look()
    void follow('?calls=1', name => { if (name !== 'change') timer ||= window.setTimeout(() => void look(), GATHER_MS) }, until.signal)
    return () => {
      until.abort()
      clearTimeout(timer)
    }
  }, [paused])
  return [calls, () => void attempt(async () => (await page('/_rapport/calls/clear', 'POST', {}), setCalls([])))]
}

async function copy(text: string): Promise<void> {
  await navigator.clipboard.writeText(text)
  say(words.copied)
}

function Detail({ call }: { call: CallRow }) {
  const [again, setAgain] = useState<unknown>()
  const ignored = leftOut(call)
  const asked = call.commands ? { halt: 0, cmd: Object.fromEntries(call.commands.map(one => [one.key, { method: one.method, params: one.params }])) } : call.params
  const repeat = async () => {
    try {
      setAgain(await rest(call.method, asked ?? {}))
    } catch (error) {
      setAgain(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <div class="detail">
      {ignored.length > 0 && (
        <div class="ignored">
          <b>{words.leftOut}</b>
          <ul>{ignored.map(name => <li key={name}><code>{name}</code></li>)}</ul>
        </div>
      )}
      <div class="pair">
        <div>
          <h3>{call.commands ? words.commands : words.params}</h3>
          {asked === null || asked === undefined ? <p class="soft">{words.tooLarge}</p> : <Json label={words.params} value={call.commands ?? asked} />}
        </div>
        <div>
          <h3>{words.answer}</h3>
          {call.answer === null ? <p class="soft">—</p> : <Json label={words.answer} value={parsed(call.answer)} />}
        </div>
      </div>
      {again !== undefined && <Json label={words.repeat} value={again} />}
      <p class="buttons">
        <button class="plain" onClick={() => void repeat()}>{words.repeat}</button>
        <Menu label={words.copyAs} text={words.copyAs} icon="copy" items={Object.entries(snippets).map(([title, make]) => ({ title, act: () => void attempt(() => copy(make({ method: call.method, params: asked }))) }))} />
        <small class="soft">
          {words.requestId} {call.request_id} · {words.credential} {call.credential ?? '—'} · {words.address} {call.client}
          {call.fault && ` · ${words.fault}: ${call.fault}`}
        </small>
      </p>
    </div>
  )
}

export default function Calls({ query }: ScreenProps) {
  const [paused, setPaused] = useState(false)
  const [calls, clear] = useCalls(paused)
  const [open, setOpen] = useState(0)
  const method = query.get('method') ?? '', wrong = query.has('wrong'), own = query.has('own')
  const shown = calls.filter(
    call => (own || !call.console) && (!method || call.method.toLowerCase().includes(method.toLowerCase())) && (!wrong || call.status >= 400 || call.error || leftOut(call).length)
  )
  return (
    <>
      <div class="head">
        <h1>{words.calls}</h1>
        <button class="plain" onClick={() => setPaused(!paused)}>{paused ? words.goOn : words.pause}</button>
        <button class="plain" onClick={clear}>{words.clear}</button>
      </div>
      <form class="filters" onSubmit={event => event.preventDefault()}>
        <label><span>{words.method}</span><input type="search" value={method} onInput={event => keep('method', event.currentTarget.value)} /></label>
        <label class="check"><input type="checkbox" checked={wrong} onChange={event => keep('wrong', event.currentTarget.checked ? '1' : '')} /> {words.onlyWrong}</label>
        <label class="check"><input type="checkbox" checked={own} onChange={event => keep('own', event.currentTarget.checked ? '1' : '')} /> {words.own}</label>
      </form>
      {!shown.length && <Empty>{words.waiting}</Empty>}
      <ul class="calls">
        {shown.map(call => (
          <li key={call.id}>
            <button class="call" aria-expanded={open === call.id} onClick={() => setOpen(open === call.id ? 0 : call.id)}>
              <span class={call.status >= 400 || call.error ? 'status wrong' : 'status'}>{call.status}</span>
              <span class="method">{call.method || '—'}{call.commands && <small> × {call.commands.length}</small>}</span>
              <span class="error">{call.error}{leftOut(call).length > 0 && <span class="tag warning"><Icon name="more" label={words.leftOut} /> {leftOut(call).length}</span>}</span>
              <small>{call.console ? words.page : call.user ? <Name of={0} id={call.user} /> : ''}</small>
              <small>{showDuration(call.duration)}</small>
              <small>{showTime(new Date(call.date))}</small>
            </button>
            {open === call.id && <Detail call={call} />}
          </li>
        ))}
      </ul>
    </>
  )
}
