// One's own password, and signing out elsewhere.
import { useState } from 'preact/hooks'
import { changePassword, signOut } from '../base/session'
import { words } from '../base/words'
import { attempt, say } from '../pieces/toast'

export default function Account() {
  const [busy, setBusy] = useState(false)
  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const given = new FormData(form)
    setBusy(true)
    const done = await attempt(() => changePassword(String(given.get('login')), String(given.get('old')), String(given.get('new'))))
    setBusy(false)
    if (!done) return
    form.reset()
    say(words.passwordChanged)
  }
  return (
    <>
      <h1>{words.changePassword}</h1>
      <form class="panel narrow" onSubmit={submit}>
        <label>{words.login}<input name="login" autocomplete="username" required /></label>
        <label>{words.oldPassword}<input name="old" type="password" autocomplete="current-password" required /></label>
        <label>{words.newPassword}<input name="new" type="password" autocomplete="new-password" minLength={8} required /></label>
        <button disabled={busy}>{words.save}</button>
      </form>
      <p>
        <button class="plain" onClick={() => void attempt(() => signOut(true)).then(done => done && say(words.signedOutEverywhere))}>
          {words.signOutEverywhere}
        </button>
      </p>
    </>
  )
}
