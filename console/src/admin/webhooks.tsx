// Incoming webhooks: who is let in by which, and what they may call.
import { useState } from 'preact/hooks'
import { askOwn } from '../base/session'
import { touch, useRead } from '../base/store'
import { words as common } from '../base/words'
import { Chooser } from '../pieces/chooser'
import { Dialog, Empty, Moment, Name, Reading } from '../pieces/pieces'
import { AskForm, Once, ScopeChecks, scopesOf } from './secret'
import { words } from './words'

interface Webhook {
  id: number
  user_id: number
  scope: string
  created: number
  revoked: boolean
}

interface Shown {
  scopes: string[]
  webhooks: Webhook[]
}

function NewWebhook({ scopes, made, close }: { scopes: string[]; made: (url: string) => void; close: () => void }) {
  const [user, setUser] = useState(0)
  return (
    <Dialog title={words.newWebhook} onClose={close}>
      <AskForm
        button={common.add}
        send={async given => {
          const { url } = await askOwn<{ url: string }>('admin', 'webhook_add', { user_id: user, scope: scopesOf(given) })
          touch('webhooks')
          made(url)
        }}
      >
        <Chooser label={words.whose} of={[0]} autofocus onChoose={found => setUser(found.id)} />
        <ScopeChecks scopes={scopes} chosen={['crm', 'user']} />
      </AskForm>
    </Dialog>
  )
}

export default function Webhooks() {
  const read = useRead('webhooks', ['webhooks'], () => askOwn<Shown>('admin', 'webhooks'))
  const [asks, setAsks] = useState<'new' | Webhook | null>(null)
  const [url, setUrl] = useState('')
  const close = () => setAsks(null)
  return (
    <>
      <div class="head">
        <h1>{words.webhooks}</h1>
        <button onClick={() => setAsks('new')}>{words.newWebhook}</button>
      </div>
      <Reading read={read}>
        {() => (
          <>
            {!read.data!.webhooks.length ? <Empty>{words.noWebhooks}</Empty> : (
              <div class="wide">
                <table>
                  <thead><tr><th scope="col">ID</th><th scope="col">{words.whose}</th><th scope="col">{words.scope}</th><th scope="col">{words.made}</th><td /></tr></thead>
                  <tbody>
                    {read.data!.webhooks.map(one => (
                      <tr key={one.id} class={one.revoked ? 'soft' : undefined}>
                        <td class="soft">{one.id}</td>
                        <th scope="row"><Name of={0} id={one.user_id} /></th>
                        <td>{one.scope.replaceAll(',', ', ')}</td>
                        <td><Moment at={new Date(one.created * 1000).toISOString()} /></td>
                        <td>{one.revoked ? words.revoked : <button class="plain small" aria-label={`${words.revoke}: ${one.id}`} onClick={() => setAsks(one)}>{words.revoke}</button>}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            )}
            {asks === 'new' && <NewWebhook scopes={read.data!.scopes} close={close} made={made => (close(), setUrl(made))} />}
            {asks && asks !== 'new' && (
              <Dialog title={words.revoke} onClose={close}>
                <p>{words.revokeWebhook(asks.id)}</p>
                <AskForm button={words.revoke} danger send={async () => { await askOwn('admin', 'webhook_revoke', { id: asks.id }); touch('webhooks'); close() }}>{null}</AskForm>
              </Dialog>
            )}
            {url && <Once secrets={[{ title: words.address, value: url }]} close={() => setUrl('')} />}
          </>
        )}
      </Reading>
    </>
  )
}
