// What opens over the page: an application's frame, from a button of its own.
import { signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { words as common } from '../base/words'
import { HostFrame } from './host'

interface Shown {
  address: string
  title: string
  width?: number
  closed?: () => void
}

const shown = signal<Shown | null>(null)

export function openSlider(what: Shown): void {
  shown.value = what
}

export function Slider() {
  const what = shown.value
  const box = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (what) box.current?.showModal()
  }, [what])
  if (!what) return null
  const close = () => {
    shown.value = null
    what.closed?.()
  }
  return (
    <dialog
      ref={at => {
        box.current = at
        if (at) at.style.maxWidth = what.width ? `${what.width}px` : ''
      }}
      class="slider-dialog" aria-label={what.title} onClose={close}
    >
      <div class="dialog-head">
        <h2>{what.title}</h2>
        <button class="plain" onClick={close}>{common.close}</button>
      </div>
      <HostFrame address={what.address} title={what.title} onTitle={title => (shown.value = { ...what, title })} onReload={what.closed} onClose={close} fill />
    </dialog>
  )
}
