// With --control: calls that fail on purpose, the clock, the data as they were.
import { useState } from 'preact/hooks'
import { page } from '../base/rest'
import { touch, useRead } from '../base/store'
import { words as common } from '../base/words'
import { Dialog, Empty, Reading } from '../pieces/pieces'
import { attempt, say } from '../pieces/toast'
import { showFull } from '../base/format'
import { words } from './words'

interface Fault {
  id: number
  method: string | null
  kind: string
  error: string | null
  count: number | null
  delay: number
  hits: number
  seen: number
}

interface Clock {
  date: string
  frozen: boolean
  ahead: number
}

const act = (path: string, body: Record<string, unknown> = {}) => page(`/_rapport/${path}`, 'POST', body)

function Faults() {
  const read = useRead('faults', ['control'], () => page<Fault[]>('/_rapport/faults'))
  async function add(event: SubmitEvent) {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const given = Object.fromEntries([...new FormData(form)].filter(([, value]) => value !== ''))
    if (await attempt(() => act('faults', given))) {
      form.reset()
      touch('control')
    }
  }
  return (
    <section class="panel" aria-labelledby="faults">
      <h2 id="faults">{words.faults}</h2>
      <Reading read={read}>
        {() => !read.data!.length ? <Empty>{words.noFaults}</Empty> : (
          <ul class="plain-list">
            {read.data!.map(fault => (
              <li key={fault.id} class="row">
                <span><code>{fault.method ?? words.everyMethod}</code> {fault.error ?? fault.kind} · {words.hits} {fault.hits}</span>
                <button class="plain small" onClick={() => void attempt(() => act('faults/clear', { id: fault.id })).then(() => touch('control'))}>{common.remove}</button>
              </li>
            ))}
          </ul>
        )}
      </Reading>
      <form class="inline" onSubmit={add}>
        <label><span>{words.method}</span><input name="method" placeholder="crm.activity.*" /></label>
        <label><span>{words.errorCode}</span><input name="error" placeholder="QUERY_LIMIT_EXCEEDED" /></label>
        <label><span>{words.delay}</span><input name="delay" /></label>
        <label><span>{words.count}</span><input name="count" type="number" min="1" /></label>
        <button>{words.addFault}</button>
      </form>
    </section>
  )
}

function ClockPanel() {
  const read = useRead('clock', ['control'], () => page<Clock>('/_rapport/clock'))
  const [at, setAt] = useState('')
  const [by, setBy] = useState('1d')
  const change = (path: string, body?: Record<string, unknown>) => void attempt(() => act(path, body)).then(() => touch('*', 'control'))
  return (
    <section class="panel" aria-labelledby="clock">
      <h2 id="clock">{words.clock}</h2>
      <Reading read={read}>
        {() => <p>{words.now}: <b>{showFull(new Date(read.data!.date))}</b> ({read.data!.frozen ? words.frozen : words.runs})</p>}
      </Reading>
      <form class="inline" onSubmit={event => (event.preventDefault(), change('clock/freeze', at ? { at: new Date(at).toISOString() } : {}))}>
        <label><span>{words.freezeAt}</span><input type="datetime-local" value={at} onInput={event => setAt(event.currentTarget.value)} /></label>
        <button>{words.freeze}</button>
      </form>
      <form class="inline" onSubmit={event => (event.preventDefault(), change('clock/move', { by }))}>
        <label><span>{words.moveBy}</span><input value={by} onInput={event => setBy(event.currentTarget.value)} /></label>
        <button>{words.moveBy} {by}</button>
      </form>
      <button class="plain" onClick={() => change('clock/resume')}>{words.resume}</button>
    </section>
  )
}

function Reset() {
  const [to, setTo] = useState<string | null>(null)
  return (
    <section class="panel" aria-labelledby="reset">
      <h2 id="reset">{words.reset}</h2>
      <p class="buttons">
        <button class="plain" onClick={() => setTo('demo')}>{words.resetDemo}</button>
        <button class="plain" onClick={() => setTo('empty')}>{words.resetEmpty}</button>
      </p>
      {to && (
        <Dialog title={words.reset} onClose={() => setTo(null)}>
          <p>{words.resetSure}</p>
          <p class="buttons">
            <button class="danger" onClick={() => void attempt(() => act('reset', { to })).then(done => (setTo(null), done && (say(words.done), touch('*'))))}>
              {to === 'demo' ? words.resetDemo : words.resetEmpty}
            </button>
            <button class="plain" onClick={() => setTo(null)}>{common.cancel}</button>
          </p>
        </Dialog>
      )}
    </section>
  )
}

export default function Control() {
  return (
    <>
      <h1>{words.control}</h1>
      <Faults />
      <ClockPanel />
      <Reset />
    </>
  )
}
