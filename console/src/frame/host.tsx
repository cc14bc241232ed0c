// The page in which an application's frame stands, with what opens over it: another frame of the same application, and what a
// person is asked to choose.
import { useEffect, useState } from 'preact/hooks'
import type { VNode } from 'preact'
import { Dialog } from '../pieces/pieces'
import { say, Toasts } from '../pieces/toast'
import { words as common } from '../base/words'
import { askApp } from '../apps/apps'
import { words } from '../apps/words'
import { BuiltInView, newBuiltIn } from './builtin'
import { AppFrame } from './frame'
import type { Opened, Parent } from './commands'
import { crmKinds, SelectAccess, SelectCrm, SelectUser } from './select'

const inConsole = parent !== window
const tell = (told: string, value?: unknown) => inConsole && parent.postMessage({ told, value }, location.origin)

interface Slider {
  key: number
  title: string
  width: number
  opened: Opened
  options: Record<string, unknown>
  closed: (answer: unknown) => void
}

export function Host({ app, place, type, title, options }: { app: number; place: number; type: string; title: string; options: Record<string, unknown> }) {
  const [opened, setOpened] = useState<Opened>()
  const [wrong, setWrong] = useState('')
  const [sliders, setSliders] = useState<Slider[]>([])
  const [builtIn] = useState(() => (options.useBuiltInInterface === 'Y' ? newBuiltIn() : undefined))
  const [asks, setAsks] = useState<VNode | null>(null)
  const ask = (draw: (done: (answer: unknown) => void) => VNode, answer: (value: unknown) => void) =>
    setAsks(draw(value => (setAsks(null), answer(value))))
  const of = { entityTypeId: Number(options.entityTypeId), entityId: Number(options.entityId) }
  // The console tells its other pages what it hears of.
  useEffect(() => {
    if (!builtIn) return
    const channel = new BroadcastChannel('rapport')
    channel.onmessage = ({ data: { name, data } }) => {
      if (name === 'change' && data.entityTypeId === of.entityTypeId && Number(data.id) === of.entityId) builtIn.tell('entity', '', of)
    }
    return () => channel.close()
  }, [])
  useEffect(() => void askApp<Opened>('open', { app, place, type }).then(setOpened, error => setWrong(error.message)), [])

  const parentOf = (slider: number): Parent => ({
    title: text => {
      if (slider) setSliders(now => now.map(one => (one.key === slider ? { ...one, title: text } : one)))
      else tell('title', text)
      if (!slider) document.title = `${text} - Rapport`
    },
    reload: () => tell('reload'),
    value: now => tell('value', now),
    reloadAll: () => (inConsole ? parent.location.reload() : location.reload()),
    openApplication: (given, closed) => {
      const { bx24_width, bx24_title, bx24_label, bx24_leftBoundary, ...rest } = given
      void bx24_label, void bx24_leftBoundary
      askApp<Opened>('open', { app, place: 0 }).then(
        next => setSliders(now => [...now, { key: Date.now() + now.length, title: String(bx24_title ?? title), width: Number(bx24_width) || 0, opened: next, options: { ...rest, URI: options.URI ?? '/', IFRAME: 'Y', IFRAME_TYPE: 'SIDE_SLIDER' }, closed }]),
        () => closed(null)
      )
    },
    close: () => slider && drop(slider),
    openPath: (hash, closed) =>
      ask(
        done => (
          <Dialog title={words.openPath} onClose={() => done(null)}>
            <a class="button" href={`/#${hash}`} target="_blank" rel="noopener" autofocus>{words.open}</a>
          </Dialog>
        ),
        closed
      ),
    selectUser: (several, answer) => ask(done => <SelectUser several={several} done={done} />, answer),
    selectAccess: (blocked, answer) => ask(done => <SelectAccess blocked={blocked} done={done} />, answer),
    selectCrm: (params, answer) =>
      ask(
        done => <SelectCrm kinds={crmKinds(params.entityType)} several={params.multiple === true || params.multiple === 'true'} value={(params.value ?? {}) as Record<string, unknown>} done={done} />,
        answer
      ),
    finish: () => tell('close'),
    note: () => say(words.notHere),
    resized: () => requestAnimationFrame(() => tell('height', document.documentElement.scrollHeight))
  })
  function drop(key: number) {
    setSliders(now => {
      now.find(one => one.key === key)?.closed({})
      return now.filter(one => one.key !== key)
    })
  }

  return (
    <>
      {wrong && <p class="note" role="alert">{wrong}</p>}
      {!opened && !wrong && <div class="spinner" aria-busy="true" />}
      {opened && <AppFrame app={app} opened={opened} options={options} parent={parentOf(0)} builtIn={builtIn} />}
      {builtIn && opened && (
        <BuiltInView
          builtIn={builtIn} of={of} resized={parentOf(0).resized} go={hash => tell('go', hash)}
          openApplication={(value, slider) => {
            const given = value && typeof value === 'object' ? (value as Record<string, unknown>) : value === undefined ? {} : { value }
            parentOf(0).openApplication({ ...given, ...of, bx24_title: slider.title, bx24_width: slider.width }, () => undefined)
          }}
        />
      )}
      {sliders.map(one => (
        <div key={one.key} class="slider" role="dialog" aria-modal="true" aria-label={one.title}>
          <div class="slider-body" ref={body => void (body && one.width && (body.style.maxWidth = `${one.width}px`))}>
            <div class="dialog-head">
              <h2>{one.title}</h2>
              <button class="plain" onClick={() => drop(one.key)}>{common.close}</button>
            </div>
            <AppFrame app={app} opened={one.opened} options={one.options} parent={parentOf(one.key)} />
          </div>
        </div>
      ))}
      {asks}
      <Toasts />
    </>
  )
}
