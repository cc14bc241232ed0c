// Outgoing webhooks: which addresses are told of which events.
import { useState } from 'preact/hooks'
import { askOwn } from '../base/session'
import { touch, useRead } from '../base/store'
import { words as common } from '../base/words'
import { Dialog, Empty, Moment, Reading } from '../pieces/pieces'
import { AskForm, Checks, Once } from './secret'
import { words } from './words'

interface Hook {
  id: number
  title: string
  handler: string
  created: number
  application_token: string
  events: string[]
}

interface Shown {
  events: string[]
  hooks: Hook[]
}

const again = () => (touch('hooks'), touch('deliveries'))

function NewHook({ events, made, close }: { events: string[]; made: (token: string) => void; close: () => void }) {
  return (
    <Dialog title={words.newHook} onClose={close}>
      <AskForm
        button={common.add}
        send={async given => {
          const fields = { handler: String(given.get('handler')).trim(), title: String(given.get('title')).trim(), events: given.getAll('event').map(String) }
          const one = await askOwn<{ application_token: string }>('hook', 'hook_add', fields)
          again()
          made(one.application_token)
        }}
      >
        <label><span>{words.handler}</span><input name="handler" type="url" required autofocus placeholder="http://127.0.0.1:3000/" /></label>
        <label><span>{words.title}</span><input name="title" maxLength={255} /></label>
        <Checks title={words.events} name="event" all={events} chosen={[]} />
      </AskForm>
    </Dialog>
  )
}

export default function Hooks() {
  const read = useRead('hooks', ['hooks'], () => askOwn<Shown>('hook', 'hooks'))
  const [asks, setAsks] = useState<'new' | Hook | null>(null)
  const [token, setToken] = useState('')
  const close = () => setAsks(null)
  return (
    <>
      <div class="head">
        <h1>{words.hooks}</h1>
        <button onClick={() => setAsks('new')}>{words.newHook}</button>
      </div>
      <Reading read={read}>
        {() => (
          <>
            {!read.data!.hooks.length ? <Empty>{words.noHooks}</Empty> : (
              <div class="wide">
                <table>
                  <thead><tr><th scope="col">ID</th><th scope="col">{words.handler}</th><th scope="col">{words.events}</th><th scope="col">{words.appToken}</th><th scope="col">{words.made}</th><td /></tr></thead>
                  <tbody>
                    {read.data!.hooks.map(one => (
                      <tr key={one.id}>
                        <td class="soft">{one.id}</td>
                        <th scope="row">{one.title && <>{one.title}<br /></>}<small class="soft">{one.handler}</small></th>
                        <td>{one.events.map(event => <div key={event}>{event}</div>)}</td>
                        <td><code class="secret">{one.application_token}</code></td>
                        <td><Moment at={new Date(one.created * 1000).toISOString()} /></td>
                        <td><button class="plain small" aria-label={`${common.remove}: ${one.title || one.handler}`} onClick={() => setAsks(one)}>{common.remove}</button></td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            )}
            {asks === 'new' && <NewHook events={read.data!.events} close={close} made={made => (close(), setToken(made))} />}
            {asks && asks !== 'new' && (
              <Dialog title={common.remove} onClose={close}>
                <p>{words.removeHook(asks.title || asks.handler)}</p>
                <AskForm button={common.remove} danger send={async () => { await askOwn('hook', 'hook_remove', { id: asks.id }); again(); close() }}>{null}</AskForm>
              </Dialog>
            )}
            {token && <Once hint={words.tokenHint} secrets={[{ title: words.appToken, value: token }]} close={() => setToken('')} />}
          </>
        )}
      </Reading>
    </>
  )
}
