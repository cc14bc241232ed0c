// What is shown once, and forms whose refusal stands beside them.
import { useState } from 'preact/hooks'
import type { ComponentChildren } from 'preact'
import { words as common } from '../base/words'
import { Dialog } from '../pieces/pieces'
import { say } from '../pieces/toast'
import { words } from './words'

export interface Secret {
  title: string
  value: string
}

export function Once({ secrets, hint = words.onceHint, close }: { secrets: Secret[]; hint?: string; close: () => void }) {
  return (
    <Dialog title={hint === words.onceHint ? words.onceTitle : secrets[0]!.title} onClose={close}>
      <p>{hint}</p>
      {secrets.map(({ title, value }) => (
        <p key={title}>
          <small class="soft">{title}</small><br />
          <code class="secret">{value}</code>{' '}
          {navigator.clipboard && <button type="button" class="plain small" aria-label={`${words.copy}: ${title}`} onClick={() => void navigator.clipboard.writeText(value).then(() => say(words.copied))}>{words.copy}</button>}
        </p>
      ))}
      <button onClick={close}>{common.close}</button>
    </Dialog>
  )
}

// `send` gets what was filled in; what it rejects with is said below, and the form stays.
export function AskForm({ button, danger, send, children }: { button: string; danger?: boolean; send: (given: FormData) => Promise<void>; children: ComponentChildren }) {
  const [wrong, setWrong] = useState('')
  const [busy, setBusy] = useState(false)
  async function submit(event: SubmitEvent) {
    event.preventDefault()
    setBusy(true)
    setWrong('')
    try {
      await send(new FormData(event.currentTarget as HTMLFormElement))
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
    }
    setBusy(false)
  }
  return (
    <form onSubmit={submit}>
      {children}
      {wrong && <p class="wrong" role="alert">{wrong}</p>}
      <button class={danger ? 'danger' : undefined} disabled={busy}>{button}</button>
    </form>
  )
}

export function Checks({ title, name, all, chosen }: { title: string; name: string; all: string[]; chosen: string[] }) {
  return (
    <fieldset class="checks">
      <legend>{title}</legend>
      {all.map(one => (
        <label class="check" key={one}><input type="checkbox" name={name} value={one} defaultChecked={chosen.includes(one)} /> {one}</label>
      ))}
    </fieldset>
  )
}

export const ScopeChecks = ({ scopes, chosen }: { scopes: string[]; chosen: string[] }) => <Checks title={words.scope} name="scope" all={scopes} chosen={chosen} />

export const scopesOf = (given: FormData): string => given.getAll('scope').join(',')
