// What was done, for eight seconds, with its undoing; what went wrong, until it is closed.
import { signal } from '@preact/signals'
import { words } from '../base/words'
import { Icon } from './icon'

interface Toast {
  id: number
  text: string
  wrong: boolean
  undo?: () => Promise<void>
  timer?: number
}

const SHOWN_MS = 8000
const toasts = signal<Toast[]>([])
let last = 0

function drop(id: number): void {
  toasts.value = toasts.value.filter(toast => toast.id !== id)
}

export function say(text: string, undo?: () => Promise<void>): void {
  const toast: Toast = { id: ++last, text, wrong: false, undo }
  toasts.value = [...toasts.value.slice(-3), toast]
  start(toast)
}

// Who points at it or has the focus in it needs it: its time begins when he leaves.
function start(toast: Toast): void {
  hold(toast)
  if (!toast.wrong) toast.timer = window.setTimeout(() => drop(toast.id), SHOWN_MS)
}

function hold(toast: Toast): void {
  clearTimeout(toast.timer)
}

export function complain(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error)
  toasts.value = [...toasts.value.slice(-3), { id: ++last, text, wrong: true }]
}

// Runs it; what goes wrong is said. True when it went well.
export async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    complain(error)
    return false
  }
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(toast => (
        <div
          key={toast.id} class={toast.wrong ? 'toast wrong' : 'toast'} onMouseEnter={() => hold(toast)} onMouseLeave={() => start(toast)}
          onFocusIn={() => hold(toast)} onFocusOut={() => start(toast)}
        >
          <span>{toast.text}</span>
          {toast.undo && (
            <button
              class="plain"
              onClick={() => {
                drop(toast.id)
                void attempt(toast.undo!).then(done => done && say(words.undone))
              }}
            >
              {words.undo}
            </button>
          )}
          <button class="bare" aria-label={words.close} onClick={() => drop(toast.id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  )
}
