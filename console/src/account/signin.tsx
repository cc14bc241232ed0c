// Login and password, for who has no link.
import { useState } from 'preact/hooks'
import { session, signIn } from '../base/session'
import { words } from '../base/words'

export function SignIn() {
  const [wrong, setWrong] = useState(session.value.is === 'out' ? session.value.why : undefined)
  const [busy, setBusy] = useState(false)

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const form = new FormData(event.target as HTMLFormElement)
    setBusy(true)
    setWrong(undefined)
    try {
      await signIn(String(form.get('login')), String(form.get('password')))
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
      setBusy(false)
    }
  }

  return (
    <main class="signin">
      <form onSubmit={submit}>
        <h1>Rapport</h1>
        {wrong && <p class="wrong" role="alert">{wrong}</p>}
        <label>
          {words.login}
          <input name="login" autocomplete="username" required autofocus />
        </label>
        <label>
          {words.password}
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        <button disabled={busy}>{words.signIn}</button>
      </form>
    </main>
  )
}
