// OAuth 2.0 as a browser, an application's server and the official SDK see it.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { request } from 'node:http'
import { B24OAuth } from '@bitrix24/b24jssdk'
import { BIN, Server, activity, rapport, stores } from './lib/server.mjs'

const REDIRECT = 'http://127.0.0.1:9/back?from=rapport'
const PASSWORD = 'correct horse <battery>'

// Set-Cookie, a line each. Node.js 18 joins them; none of ours holds a comma.
const cookiesOf = headers => headers.getSetCookie?.() ?? (headers.get('set-cookie') ?? '').split(', ').filter(Boolean)

// A browser: keeps cookies, does not follow, reads the hidden fields of the form it is shown.
class Browser {
  cookies = new Map()
  constructor(url) {
    this.url = url
  }
  async go(path, options = {}) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(new URL(path, this.url), {
      redirect: 'manual',
      ...options,
      headers: { ...options.headers, ...(cookie && { cookie }) }
    })
    for (const line of cookiesOf(answer.headers)) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)
      value ? this.cookies.set(name, value) : this.cookies.delete(name)
    }
    const text = await answer.text()
    this.fields = Object.fromEntries(
      [...text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(m => [m[1], m[2].replaceAll('&amp;', '&')])
    )
    return { status: answer.status, headers: answer.headers, location: answer.headers.get('location'), text }
  }
  send(fields) {
    return this.go('/oauth/authorize/', { method: 'POST', body: new URLSearchParams({ ...this.fields, ...fields }) })
  }
}

for (const store of stores) {
  describe(`OAuth on ${store.name}`, () => {
    let server, app
    const run = (...args) => {
      const done = rapport(...args, '--data', server.dir, '--json')
      assert.equal(done.code, 0, done.err)
      return JSON.parse(done.out)
    }
    const addApp = (...args) => run('app', 'add', '--name', 'Wire <b>', '--redirect-uri', REDIRECT, ...args)
    const issue = (id, ...args) => run('token', 'issue', '--app', String(id), ...args)
    const token = async (params, options) => {
      const query = new URLSearchParams(params)
      const answer = options?.post
        ? await fetch(`${server.url}oauth/token/`, { method: 'POST', body: query })
        : await fetch(`${server.url}oauth/token/?${query}`)
      return { status: answer.status, json: await answer.json() }
    }
    const client = (of = app) => ({ client_id: of.client_id, client_secret: of.client_secret })
    const authorize = (of = app, more = '') => `/oauth/authorize/?client_id=${of.client_id}${more}`
    const signIn = async browser => {
      await browser.go(authorize())
      const answer = await browser.send({ action: 'signin', login: 'admin', password: PASSWORD })
      assert.equal(answer.status, 303, answer.text)
    }

    before(async () => {
      server = await Server.start({ store })
      const set = spawnSync(BIN, ['user', 'password', '--id', '1', '--data', server.dir], { input: PASSWORD + '\n', encoding: 'utf8' })
      assert.equal(set.status, 0, set.stderr)
      app = addApp()
    })
    after(() => server.stop())

    test('an application has a documented name and is listed without its secret', () => {
      assert.match(app.client_id, /^local\.[0-9a-f]{14}\.[0-9]{8}$/)
      assert.match(app.client_secret, /^[A-Za-z0-9]{50}$/)
      const list = run('app', 'list')
      assert.equal(list.find(one => one.id === app.id).client_id, app.client_id)
      assert.ok(!JSON.stringify(list).includes(app.client_secret))
    })

    test('from the sign-in form to a pair of tokens', async () => {
      const browser = new Browser(server.url)
      const state = 'a b&c=ü"%2F'
      const form = await browser.go(authorize(app, `&state=${encodeURIComponent(state)}`))
      assert.equal(form.status, 200)
      assert.match(form.text, /Wire &lt;b&gt; asks for access/)
      assert.equal(form.headers.get('x-frame-options'), 'DENY')
      const wrong = await browser.send({ action: 'signin', login: 'admin', password: 'wrong wrong' })
      assert.equal(wrong.status, 403)
      assert.ok(!browser.cookies.has('rapport_session'))
      const good = await browser.send({ state, action: 'signin', login: 'admin', password: PASSWORD })
      assert.equal(good.status, 303)
      assert.match(cookiesOf(good.headers)[0], /^rapport_session=[^;]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/)
      const consent = await browser.go(good.location)
      assert.match(consent.text, /in the name of <b>admin<\/b>/)
      const allowed = await browser.send({ state, action: 'allow' })
      assert.equal(allowed.status, 303)
      const back = new URL(allowed.location)
      assert.equal(allowed.location.slice(0, REDIRECT.length + 6), REDIRECT + '&code=')
      assert.equal(back.searchParams.get('state'), state)
      assert.equal(back.searchParams.get('domain'), new URL(server.url).host)
      assert.equal(back.searchParams.get('scope'), 'crm,user')
      assert.equal(back.searchParams.get('server_domain'), new URL(server.url).host)

      const grant = { grant_type: 'authorization_code', ...client(), code: back.searchParams.get('code') }
      const { status, json } = await token(grant)
      assert.equal(status, 200, JSON.stringify(json))
      assert.equal(json.member_id, back.searchParams.get('member_id'))
      assert.match(json.member_id, /^[0-9a-f]{32}$/)
      assert.equal(json.client_endpoint, `${server.url}rest/`)
      assert.deepEqual(
        [json.expires_in, json.user_id, json.scope, json.status, json.server_endpoint],
        [3600, 1, 'crm,user', 'L', `${server.url}rest/`]
      )
      assert.ok(Math.abs(json.expires - Date.now() / 1000 - 3600) < 60)
      const again = await token(grant)
      assert.deepEqual([again.status, again.json.error], [400, 'invalid_grant'])
      const profile = await server.result('profile', { auth: json.access_token }, { base: `${server.url}rest/` })
      assert.equal(profile.ID, '1')

      // Allowed once: the second time nobody is asked.
      const second = await browser.go(authorize())
      assert.equal(second.status, 303)
      assert.ok(!second.location.includes('state='))
    })

    test('a refresh token is exchanged once, by POST too', async () => {
      const first = issue(app.id)
      const grant = { grant_type: 'refresh_token', ...client(), refresh_token: first.refresh_token }
      const { status, json } = await token(grant, { post: true })
      assert.equal(status, 200)
      assert.notEqual(json.access_token, first.access_token)
      assert.notEqual(json.refresh_token, first.refresh_token)
      assert.equal((await token(grant)).json.error, 'invalid_grant')
      await server.result('profile', { auth: json.access_token }, { base: `${server.url}rest/` })
    })

    test('the token endpoint refuses with the documented codes', async () => {
      const pair = issue(app.id)
      const good = { grant_type: 'refresh_token', ...client(), refresh_token: pair.refresh_token }
      const other = addApp()
      for (const [change, status, error] of [
        [{ grant_type: 'password' }, 400, 'invalid_request'],
        [{ grant_type: '' }, 400, 'invalid_request'],
        [{ refresh_token: '' }, 400, 'invalid_request'],
        [{ client_secret: '' }, 400, 'invalid_request'],
        [{ client_secret: 'x'.repeat(50) }, 401, 'invalid_client'],
        [{ refresh_token: 'unknown' }, 400, 'invalid_grant'],
        [client(other), 400, 'invalid_grant'],
        [{ scope: 'crm,disk' }, 400, 'invalid_scope'],
        [{ grant_type: 'authorization_code', code: 'unknown' }, 400, 'invalid_grant']
      ]) {
        const { status: was, json } = await token({ ...good, ...change })
        assert.deepEqual([was, json.error], [status, error], JSON.stringify(change))
        assert.equal(typeof json.error_description, 'string')
      }
      const gone = addApp()
      run('app', 'revoke', '--id', String(gone.id))
      for (const change of [{ client_id: 'local.nobody' }, { client_id: gone.client_id, client_secret: gone.client_secret }]) {
        for (const options of [{}, { post: true }])
          assert.deepEqual(await token({ ...good, ...change }, options), { status: 200, json: { error: 'wrong_client' } })
      }
      run('app', 'set', '--id', String(other.id), '--payment-expired', 'Y')
      const unpaid = await token({ ...good, ...client(other) })
      assert.deepEqual([unpaid.status, unpaid.json.error], [401, 'PAYMENT_REQUIRED'])
      assert.equal((await token(good)).status, 200, 'none of these used the token up')
    })

    test('what a person is told when it is not possible', async () => {
      const browser = new Browser(server.url)
      assert.equal((await browser.go('/oauth/authorize/?client_id=local.x')).status, 404)
      assert.equal((await browser.go('/oauth/authorize/?client_id[]=1')).status, 404)
      assert.equal((await browser.go(authorize(app, '&redirect_uri=http://evil.example/'))).status, 400)
      const none = run('app', 'add', '--name', 'No address')
      assert.equal((await browser.go(authorize(none))).status, 400)
      const limited = addApp('--users', '2')
      await signIn(browser)
      assert.equal((await browser.go(authorize(limited))).status, 403)
    })

    test('an application is opened to people who are there', () => {
      const before = run('app', 'list')
      for (const args of [
        ['add', '--name', 'Nobody', '--users', '1,99999'],
        ['set', '--id', String(app.id), '--users', '99999']
      ]) {
        const { code, out } = rapport('app', ...args, '--data', server.dir, '--json')
        assert.deepEqual([code, JSON.parse(out)], [1, { error: 'there is no user 99999; see rapport user list' }])
      }
      assert.deepEqual(run('app', 'list'), before)
    })

    test('a form from elsewhere, or of another browser, does nothing', async () => {
      const browser = new Browser(server.url)
      await signIn(browser)
      const fresh = addApp()
      await browser.go(authorize(fresh))
      const fields = browser.fields
      assert.equal((await browser.send({ signature: '', action: 'allow' })).status, 403)
      const other = new Browser(server.url)
      await other.go(authorize(fresh))
      other.fields = fields
      assert.equal((await other.send({ action: 'allow' })).status, 403)
      browser.fields = fields
      assert.equal((await browser.send({ action: 'deny' })).status, 200)
      assert.equal((await browser.go(authorize(fresh))).status, 200, 'still asked')
      const out = await browser.send({ action: 'signout' })
      assert.equal(out.status, 303)
      assert.match((await browser.go(authorize(fresh))).text, /name="password"/)
    })

    test('guessing is slowed down, also for logins that do not exist', async () => {
      for (const login of ['nobody', 'two']) {
        const browser = new Browser(server.url)
        await browser.go(authorize())
        const seen = []
        for (let i = 0; i < 7; i++) seen.push((await browser.send({ action: 'signin', login, password: 'guess guess' })).status)
        assert.deepEqual(seen.slice(0, 5), [403, 403, 403, 403, 403])
        assert.equal(seen[5], 429)
        assert.equal(seen[6], 429)
      }
    })

    // Where a token may stand, for a method.
    const placesOf = method => {
      const rest = `${server.url}rest/${method}`
      return {
        query: auth => fetch(`${rest}?auth=${auth}`),
        'query, the other name': auth => fetch(`${rest}?access_token=${auth}`),
        'JSON, the other name': auth =>
          fetch(rest, {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify({ access_token: auth })
          }),
        form: auth => fetch(rest, { method: 'POST', body: new URLSearchParams({ auth }) }),
        JSON: auth => fetch(rest, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ auth }) }),
        header: auth => fetch(rest, { headers: { Authorization: `Bearer ${auth}` } })
      }
    }

    test('each method looks at the token in each place', async () => {
      const methods = JSON.parse(rapport('methods', '--json').out).filter(one => one.implemented)
      assert.ok(methods.length > 100)
      const expired = issue(app.id, '--expires', '-1').access_token
      for (const { name } of methods) {
        for (const [place, call] of Object.entries(placesOf(name))) {
          for (const [auth, error] of [
            [expired, 'expired_token'],
            ['', 'NO_AUTH_FOUND'],
            ['unknown', 'invalid_token']
          ]) {
            const answer = await call(auth)
            assert.deepEqual([answer.status, (await answer.json()).error], [401, error], `${name}, ${place}`)
          }
        }
      }
    })

    test('a token is taken in each documented place, and refused alike', async () => {
      const places = placesOf('profile')
      const barred = addApp('--users', '2')
      const gone = addApp()
      const lost = issue(gone.id).access_token
      run('app', 'revoke', '--id', String(gone.id))
      const owing = addApp()
      const unpaid = issue(owing.id).access_token
      run('app', 'set', '--id', String(owing.id), '--payment-expired', 'Y')
      const leaver = run('user', 'add', '--login', 'leaver').id
      const dismissed = issue(app.id, '--user', String(leaver)).access_token
      assert.equal(await server.result('user.update', { ID: leaver, ACTIVE: 'N' }), true)
      const cases = [
        [issue(app.id).access_token, 200, undefined],
        [issue(app.id, '--expires', '-1').access_token, 401, 'expired_token'],
        [issue(barred.id).access_token, 403, 'user_access_error'],
        [lost, 401, 'APPLICATION_NOT_FOUND', 'Application not found'],
        [unpaid, 401, 'PAYMENT_REQUIRED', 'Subscription has been ended'],
        [dismissed, 401, 'authorization_error', 'Unable to authorize user'],
        ['unknown', 401, 'invalid_token', 'Unable to get application by token'],
        ['', 401, 'NO_AUTH_FOUND']
      ]
      for (const [auth, status, error, text] of cases) {
        for (const [place, call] of Object.entries(places)) {
          const answer = await call(auth)
          const json = await answer.json()
          assert.deepEqual([answer.status, json.error], [status, error], place)
          if (text) assert.equal(json.error_description, text)
        }
      }
      const inPath = await fetch(`${server.url}rest/1/${cases[0][0]}/profile`)
      assert.equal(inPath.status, 401, 'a token is no webhook code')
    })

    // What an application asks that has the vendor's authorization server written into it.
    const asVendor = (path, body) =>
      new Promise((resolve, reject) => {
        const asked = request(new URL(path, server.url), {
          method: 'POST',
          headers: { host: 'oauth.bitrix.info', 'content-type': 'application/x-www-form-urlencoded' }
        })
        asked.on('error', reject).on('response', async answer => resolve(JSON.parse(Buffer.concat(await answer.toArray()))))
        asked.end(`${new URLSearchParams(body)}`)
      })

    test("under the authorization server's name the portal tells its own address", async () => {
      const pair = issue(app.id)
      const { result } = await asVendor('/rest/app.info', { auth: pair.access_token })
      const url = server.url.replace(/\/$/, '')
      assert.deepEqual(result.install, {
        installed: true,
        version: 1,
        status: 'L',
        scope: 'crm,user',
        domain: new URL(url).host,
        uri: url,
        client_endpoint: `${url}/rest/`,
        member_id: pair.member_id,
        member_type: 'user'
      })
      assert.deepEqual([result.client_id, result.scope, result.user_id], [app.client_id, 'crm,user', 1])
      assert.match(result.expires, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/)
      assert.ok(Math.abs(Date.parse(result.expires) / 1000 - pair.expires) <= 1)
      const fresh = await asVendor('/oauth/token/', { grant_type: 'refresh_token', ...client(), refresh_token: pair.refresh_token })
      assert.deepEqual([fresh.client_endpoint, fresh.domain], [`${url}/rest/`, new URL(url).host])
    })

    test('the SDK goes through an expiry and a refresh', async () => {
      const old = issue(app.id, '--expires', '-1')
      const b24 = new B24OAuth(
        {
          applicationToken: app.application_token,
          userId: 1,
          memberId: old.member_id,
          accessToken: old.access_token,
          refreshToken: old.refresh_token,
          expires: Math.floor(Date.now() / 1000) + 1000, // it believes the token is good
          expiresIn: 3600,
          scope: old.scope,
          domain: old.domain,
          clientEndpoint: `${server.url}rest/`,
          serverEndpoint: `${server.url}rest/`,
          status: old.status
        },
        { clientId: app.client_id, clientSecret: app.client_secret }
      )
      const fresh = []
      b24.setCallbackRefreshAuth(async ({ b24OAuthParams }) => fresh.push({ ...b24OAuthParams }))
      const call = async (method, params) => {
        const answer = await b24.actions.v2.call.make({ method, params })
        assert.ok(answer.isSuccess, answer.getErrorMessages().join('; '))
        return answer.getData().result
      }
      const id = await call('crm.activity.add', activity({ SUBJECT: 'By OAuth' }))
      assert.equal(fresh.length, 1)
      assert.notEqual(fresh[0].accessToken, old.access_token)
      assert.equal(await call('crm.activity.update', { id, fields: { SUBJECT: 'Changed' } }), true)
      const rows = await call('crm.activity.list', { filter: { ID: id }, select: ['ID', 'SUBJECT'] })
      assert.deepEqual(rows, [{ ID: String(id), SUBJECT: 'Changed' }])
      const batch = await b24.actions.v2.batch.make({
        calls: [
          ['profile', {}],
          ['crm.activity.get', { id }]
        ],
        options: { returnAjaxResult: true }
      })
      assert.ok(batch.isSuccess)
      assert.equal((await call('app.info', {})).CODE, app.client_id)
      await b24.initIsAdmin()
      assert.equal(b24.auth.isAdmin, true)
      assert.equal(fresh.length, 1, 'refreshed once')
      b24.destroy()
    })
  })
}
