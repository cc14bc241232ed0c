// One's own password, second factor and sessions.
import { useId, useState } from 'preact/hooks'
import { askAccount, changePassword, signOut } from '../base/session'
import { touch, useRead } from '../base/store'
import { words as common } from '../base/words'
import { Moment, Reading } from '../pieces/pieces'
import { attempt, say } from '../pieces/toast'
import { SecondFactor } from './factor'
import { words } from './words'

interface Session {
  key: string
  created: number
  used: number
  address: string
  agent: string
  current: boolean
}

interface Shown {
  login: string
  has_password: boolean
  second_factor: boolean
  recovery_left: number
  sessions: Session[]
}

function Password({ login }: { login: string }) {
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState('')
  const id = useId()
  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const form = event.currentTarget as HTMLFormElement
    const given = new FormData(form)
    setBusy(true)
    setWrong('')
    try {
      await changePassword(login, String(given.get('old')), String(given.get('new')))
      form.reset()
      say(common.passwordChanged)
      touch('account')
    } catch (error) {
      setWrong(error instanceof Error ? error.message : String(error))
    }
    setBusy(false)
  }
  return (
    <form onSubmit={submit}>
      <input name="login" autocomplete="username" value={login} hidden readOnly />
      <label>
        <span>{common.oldPassword}</span>
        <input name="old" type="password" autocomplete="current-password" required aria-invalid={!!wrong} aria-describedby={wrong ? id : undefined} />
      </label>
      <label><span>{common.newPassword}</span><input name="new" type="password" autocomplete="new-password" minLength={8} required /></label>
      {wrong && <p class="wrong" role="alert" id={id}>{wrong}</p>}
      <button disabled={busy}>{common.changePassword}</button>
    </form>
  )
}

const moment = (seconds: number) => (seconds ? new Date(seconds * 1000).toISOString() : null)

function Sessions({ sessions }: { sessions: Session[] }) {
  const end = (key: string) =>
    void attempt(() => askAccount('end', { key })).then(done => {
      touch('account')
      if (done) say(words.ended)
    })
  return (
    <section class="panel" aria-labelledby="sessions">
      <h2 id="sessions">{words.sessions}</h2>
      <div class="wide">
        <table>
          <thead><tr><th scope="col">{words.browser}</th><th scope="col">{words.address}</th><th scope="col">{words.since}</th><th scope="col">{words.used}</th><td /></tr></thead>
          <tbody>
            {sessions.map(one => (
              <tr key={one.key}>
                <th scope="row">{one.agent || words.unknown} {one.current && <span class="tag success">{words.thisOne}</span>}</th>
                <td>{one.address}</td>
                <td><Moment at={moment(one.created)} /></td>
                <td><Moment at={moment(one.used)} /></td>
                <td>{!one.current && <button class="plain small" aria-label={words.endOf(`${one.agent || words.unknown}, ${one.address}`)} onClick={() => end(one.key)}>{words.end}</button>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="buttons">
        <button
          class="plain"
          onClick={() =>
            void attempt(() => signOut('elsewhere')).then(done => {
              touch('account')
              if (done) say(common.signedOutEverywhere)
            })
          }
        >
          {common.signOutEverywhere}
        </button>
        <button class="plain" title={words.everywhereHint} onClick={() => void attempt(() => signOut('everywhere'))}>{words.everywhere}</button>
      </div>
    </section>
  )
}

export default function Account() {
  const read = useRead('account', ['account'], () => askAccount<Shown>('show'))
  return (
    <>
      <div class="head"><h1>{words.account}</h1></div>
      <Reading read={read}>
        {() => (
          <>
            <section class="panel narrow" aria-labelledby="password">
              <h2 id="password">{words.passwordTitle}</h2>
              {read.data!.has_password ? <Password login={read.data!.login} /> : <p>{words.noPassword}</p>}
            </section>
            <SecondFactor on={read.data!.second_factor} left={read.data!.recovery_left} />
            <Sessions sessions={read.data!.sessions} />
          </>
        )}
      </Reading>
    </>
  )
}
