// Login and password, for who has no link; and a code of his device, for who has a second factor.
import { useState } from 'preact/hooks'
import { session, signIn, signInByCode, type Ticket } from '../base/session'
import { words as common } from '../base/words'
import { words } from './words'

export function SignIn() {
  const [wrong, setWrong] = useState(session.value.is === 'out' ? session.value.why : undefined)
  const [busy, setBusy] = useState(false)
  const [ticket, setTicket] = useState<Ticket | null>(null)

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const form = new FormData(event.target as HTMLFormElement)
    setBusy(true)
    setWrong(undefined)
    try {
      if (ticket) await signInByCode(ticket, String(form.get('code')))
      else setTicket(await signIn(String(form.get('login')), String(form.get('password'))))
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
    }
    setBusy(false)
  }
  const again = () => {
    setTicket(null)
    setWrong(undefined)
  }

  return (
    <main class="signin">
      <form onSubmit={submit} key={ticket ? 'code' : 'password'}>
        <h1>Rapport</h1>
        {wrong && <p class="wrong" role="alert" id="wrong">{wrong}</p>}
        {ticket ? (
          <label>
            {words.code}
            <input name="code" autocomplete="one-time-code" spellcheck={false} required autofocus aria-describedby={wrong ? 'wrong hint' : 'hint'} aria-invalid={!!wrong} />
            <small class="soft" id="hint">{words.codeHint}</small>
          </label>
        ) : (
          <>
            <label>
              {common.login}
              <input name="login" autocomplete="username" required autofocus aria-describedby={wrong ? 'wrong' : undefined} />
            </label>
            <label>
              {common.password}
              <input name="password" type="password" autocomplete="current-password" required aria-describedby={wrong ? 'wrong' : undefined} />
            </label>
          </>
        )}
        <div class="buttons">
          <button disabled={busy}>{common.signIn}</button>
          {ticket && <button type="button" class="plain" onClick={again}>{words.otherLogin}</button>}
        </div>
      </form>
    </main>
  )
}
