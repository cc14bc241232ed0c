// Local applications: their addresses, what they may call and who may use them.
import { useState } from 'preact/hooks'
import { href } from '../base/router'
import { askOwn } from '../base/session'
import { touch, useRead } from '../base/store'
import { words as common } from '../base/words'
import { Dialog, Empty, Reading } from '../pieces/pieces'
import { AskForm, Once, ScopeChecks, scopesOf, type Secret } from './secret'
import { words } from './words'

interface App {
  id: number
  client_id: string
  name: string
  handler: string
  install_url: string
  redirect_uri: string
  scope: string
  users: string
  server_side: boolean
  installed: boolean
  revoked: boolean
  tokens: number
}

interface Shown {
  scopes: string[]
  apps: App[]
}

interface Made {
  client_id: string
  client_secret: string
  application_token: string
}

const again = () => {
  touch('admin apps')
  touch('apps') // the menu
}

const text = (given: FormData, name: string): string => String(given.get(name) ?? '').trim()

function NewApp({ scopes, made, close }: { scopes: string[]; made: (secrets: Secret[]) => void; close: () => void }) {
  return (
    <Dialog title={words.newApp} onClose={close}>
      <AskForm
        button={common.add}
        send={async given => {
          const fields = Object.fromEntries(['name', 'handler', 'install_url', 'redirect_uri', 'users'].map(name => [name, text(given, name)]))
          const one = await askOwn<Made>('admin', 'app_add', { ...fields, scope: scopesOf(given), server_side: given.get('server_side') ? 'Y' : 'N' })
          again()
          made([{ title: words.clientId, value: one.client_id }, { title: words.clientSecret, value: one.client_secret }, { title: words.appToken, value: one.application_token }])
        }}
      >
        <label><span>{words.appName}</span><input name="name" required autofocus /></label>
        <label><span>{words.handler}</span><input name="handler" type="url" placeholder="http://127.0.0.1:3000/" /></label>
        <label><span>{words.installUrl}</span><input name="install_url" type="url" /></label>
        <label><span>{words.redirectUri}</span><input name="redirect_uri" type="url" /></label>
        <label><span>{words.appUsers}</span><input name="users" aria-describedby="everybody" /></label>
        <small class="soft" id="everybody">{words.everybody}</small>
        <label class="check"><input type="checkbox" name="server_side" /> {words.serverSide}</label>
        <ScopeChecks scopes={scopes} chosen={['crm', 'user', 'placement']} />
      </AskForm>
    </Dialog>
  )
}

export default function Apps() {
  const read = useRead('admin apps', ['admin apps'], () => askOwn<Shown>('admin', 'apps'))
  const [asks, setAsks] = useState<{ what: 'new' } | { what: 'users' | 'revoke'; app: App } | null>(null)
  const [secrets, setSecrets] = useState<Secret[]>([])
  const close = () => setAsks(null)
  return (
    <>
      <div class="head">
        <h1>{words.apps}</h1>
        <button onClick={() => setAsks({ what: 'new' })}>{words.newApp}</button>
      </div>
      <Reading read={read}>
        {() => (
          <>
            {!read.data!.apps.length ? <Empty>{words.noApps}</Empty> : (
              <div class="wide">
                <table>
                  <thead><tr><th scope="col">ID</th><th scope="col">{words.appName}</th><th scope="col">{words.handler}</th><th scope="col">{words.scope}</th><th scope="col">{words.appUsers}</th><th scope="col">{words.tokens}</th><td /></tr></thead>
                  <tbody>
                    {read.data!.apps.map(app => (
                      <tr key={app.id} class={app.revoked ? 'soft' : undefined}>
                        <td class="soft">{app.id}</td>
                        <th scope="row">
                          {app.revoked || app.server_side ? app.name : <a href={href('app', app.id)}>{app.name}</a>} {!app.installed && !app.revoked && <span class="tag warning">{words.installing}</span>}
                          <br /><small class="soft">{app.client_id}</small>
                        </th>
                        <td>{[app.handler, app.install_url, app.redirect_uri].filter(Boolean).map(address => <div key={address}>{address}</div>)}</td>
                        <td>{app.scope.replaceAll(',', ', ')}</td>
                        <td>{app.users || common.all}</td>
                        <td>{app.tokens}</td>
                        <td class="buttons">
                          {app.revoked ? words.revoked : (
                            <>
                              <button class="plain small" aria-label={`${words.appUsers}: ${app.name}`} onClick={() => setAsks({ what: 'users', app })}>{words.appUsers}</button>
                              <button class="plain small" aria-label={`${words.revoke}: ${app.name}`} onClick={() => setAsks({ what: 'revoke', app })}>{words.revoke}</button>
                            </>
                          )}
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            )}
            {asks?.what === 'new' && <NewApp scopes={read.data!.scopes} close={close} made={made => (close(), setSecrets(made))} />}
            {asks?.what === 'users' && (
              <Dialog title={words.appUsers} onClose={close}>
                <AskForm button={common.save} send={async given => { await askOwn('admin', 'app_set', { id: asks.app.id, users: text(given, 'users') }); again(); close() }}>
                  <label><span>{asks.app.name}</span><input name="users" defaultValue={asks.app.users} autofocus aria-describedby="everybody" /></label>
                  <small class="soft" id="everybody">{words.everybody}</small>
                </AskForm>
              </Dialog>
            )}
            {asks?.what === 'revoke' && (
              <Dialog title={words.revoke} onClose={close}>
                <p>{words.revokeApp(asks.app.name)}</p>
                <AskForm button={words.revoke} danger send={async () => { await askOwn('admin', 'app_revoke', { id: asks.app.id }); again(); close() }}>{null}</AskForm>
              </Dialog>
            )}
            {secrets.length > 0 && <Once secrets={secrets} close={() => setSecrets([])} />}
          </>
        )}
      </Reading>
    </>
  )
}
