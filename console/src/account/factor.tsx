// The second factor: set up by a device's camera or by hand, its recovery codes, and its end.
import { useId, useState } from 'preact/hooks'
import { encode } from 'uqr'
import { askAccount } from '../base/session'
import { touch } from '../base/store'
import { words as common } from '../base/words'
import { Dialog } from '../pieces/pieces'
import { say } from '../pieces/toast'
import { words } from './words'

// Black on white whatever the colours of the page are: cameras want it so.
function Qr({ text }: { text: string }) {
  const { data, size } = encode(text, { border: 3 })
  let path = ''
  data.forEach((row, y) => row.forEach((dark, x) => (path += dark ? `M${x} ${y}h1v1h-1z` : '')))
  return (
    <svg class="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={words.qr} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}

// Asks for a code; what is refused stands below it. `done` gets what the server answered.
function CodeForm<T>({ action, button, danger, done }: { action: string; button: string; danger?: boolean; done: (answer: T) => void }) {
  const [wrong, setWrong] = useState('')
  const [busy, setBusy] = useState(false)
  const id = useId()
  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const code = String(new FormData(event.currentTarget as HTMLFormElement).get('code'))
    setBusy(true)
    setWrong('')
    try {
      done(await askAccount<T>(action, { code }))
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
    }
    setBusy(false)
  }
  return (
    <form onSubmit={submit}>
      <label>
        <span>{words.code}</span>
        <input name="code" autocomplete="one-time-code" spellcheck={false} required autofocus aria-invalid={!!wrong} aria-describedby={wrong ? id : undefined} />
      </label>
      {wrong && <p class="wrong" role="alert" id={id}>{wrong}</p>}
      <button class={danger ? 'danger' : undefined} disabled={busy}>{button}</button>
    </form>
  )
}

function RecoveryCodes({ codes, close }: { codes: string[]; close: () => void }) {
  const text = codes.join('\n') + '\n'
  return (
    <>
      <p>{words.recoveryHint}</p>
      <ul class="recovery code">{codes.map(code => <li key={code}>{code}</li>)}</ul>
      <div class="buttons">
        <button onClick={close}>{words.kept}</button>
        {navigator.clipboard && <button class="plain" onClick={() => void navigator.clipboard.writeText(text).then(() => say(words.copied))}>{words.copy}</button>}
        <a class="button plain" download="rapport-recovery-codes.txt" href={`data:text/plain;charset=utf-8,${encodeURIComponent(text)}`}>{words.download}</a>
      </div>
    </>
  )
}

interface Key {
  secret: string
  uri: string
}

interface Given {
  recovery_codes: string[]
}

type Step = { is: 'key'; key: Key } | { is: 'codes'; codes: string[] } | { is: 'renew' } | { is: 'remove' }

export function SecondFactor({ on, left }: { on: boolean; left: number }) {
  const [step, setStep] = useState<Step | null>(null)
  const [wrong, setWrong] = useState('')
  const close = () => {
    setStep(null)
    touch('account')
  }
  const given = (answer: Given) => setStep({ is: 'codes', codes: answer.recovery_codes })
  const begin = () =>
    void askAccount<Key>('second_factor_begin').then(
      key => {
        setWrong('')
        setStep({ is: 'key', key })
      },
      error => setWrong(error.message)
    )
  return (
    <section class="panel" aria-labelledby="factor">
      <h2 id="factor">{words.secondFactor}</h2>
      <p>{on ? words.factorOn(left) : words.factorOff}</p>
      {wrong && <p class="wrong" role="alert">{wrong}</p>}
      <div class="buttons">
        {on ? (
          <>
            <button class="plain" onClick={() => setStep({ is: 'renew' })}>{words.newCodes}</button>
            <button class="plain" onClick={() => setStep({ is: 'remove' })}>{words.removeFactor}</button>
          </>
        ) : (
          <button onClick={begin}>{words.setUp}</button>
        )}
      </div>
      {step?.is === 'key' && (
        <Dialog title={words.secondFactor} onClose={close}>
          <p>{words.scan}</p>
          <Qr text={step.key.uri} />
          <p>
            {words.key}: <code class="secret">{step.key.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
          </p>
          <p><a href={step.key.uri}>{words.openApp}</a></p>
          <CodeForm<Given> action="second_factor_confirm" button={words.turnOn} done={given} />
        </Dialog>
      )}
      {step?.is === 'renew' && (
        <Dialog title={words.newCodes} onClose={close}>
          <CodeForm<Given> action="recovery_codes" button={words.go} done={given} />
        </Dialog>
      )}
      {step?.is === 'remove' && (
        <Dialog title={words.removeFactor} onClose={close}>
          <CodeForm<true> action="second_factor_remove" button={common.remove} danger done={() => { close(); say(words.removed) }} />
        </Dialog>
      )}
      {step?.is === 'codes' && (
        <Dialog title={words.recoveryTitle} onClose={close}>
          <RecoveryCodes codes={step.codes} close={close} />
        </Dialog>
      )}
    </section>
  )
}
