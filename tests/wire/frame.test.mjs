// /app/ID and /console/app: who opens an application, with which policy, and what its frame gets.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { Server, rapport, stores } from './lib/server.mjs'

for (const store of stores) {
  describe(`frames of applications on ${store.name}`, () => {
    let server, place, admin, user, app
    const add = (...args) => JSON.parse(rapport('app', 'add', ...place, '--json', ...args).out)
    const enter = async id => {
      const link = rapport('console', '--user', `${id}`, ...place).out.trim().split('=').at(-1)
      const answer = await fetch(`${server.url}console/session`, {
        method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ action: 'link', code: link })
      })
      assert.equal(answer.status, 200)
      return answer.headers.get('set-cookie').split(';')[0]
    }
    const ask = async (jar, body, headers = {}) => {
      const answer = await fetch(`${server.url}console/app`, {
        method: 'POST', headers: { 'Content-Type': 'application/json', ...(jar ? { Cookie: jar } : {}), ...headers }, body: JSON.stringify(body)
      })
      return { status: answer.status, json: await answer.json() }
    }
    const page = async (jar, path) => {
      const answer = await fetch(`${server.url}${path}`, { headers: jar ? { Cookie: jar } : {} })
      return { status: answer.status, policy: answer.headers.get('content-security-policy'), text: await answer.text(), headers: answer.headers }
    }
    before(async () => {
      server = await Server.start({ store })
      place = ['--data', server.dir, ...(store.url ? ['--store', store.url] : [])]
      ;[admin, user] = [await enter(1), await enter(2)]
      app = add('--name', 'Mine <b>&', '--handler', 'https://app.example/page?a=1', '--scope', 'crm,placement').id
    })
    after(() => server.stop())

    test('the page names the origin of the application, and no other', async () => {
      const { status, policy, text, headers } = await page(user, `app/${app}`)
      assert.equal(status, 200)
      assert.match(policy, /frame-src https:\/\/app\.example; frame-ancestors 'self'/)
      assert.match(policy, /form-action https:\/\/app\.example;/)
      assert.match(policy, /default-src 'none'; script-src 'self';/)
      assert.equal(headers.get('x-frame-options'), 'SAMEORIGIN')
      assert.equal(headers.get('cache-control'), 'no-store')
      assert.match(text, /data-title="Mine &lt;b&gt;&amp;"/)
      assert.match((await page(user, '')).policy, /frame-src 'self'; frame-ancestors 'none'/)
    })

    test('nobody, and who may not use it, gets no page and no token', async () => {
      const closed = add('--name', 'Closed', '--handler', 'https://app.example/', '--scope', 'crm', '--users', '1').id
      const silent = add('--name', 'Silent', '--handler', 'https://app.example/', '--scope', 'crm', '--server-side').id
      const gone = add('--name', 'Gone', '--handler', 'https://app.example/', '--scope', 'crm').id
      assert.equal(rapport('app', 'revoke', '--id', `${gone}`, ...place).code, 0)
      assert.equal((await page(null, `app/${app}`)).status, 401)
      assert.equal((await ask(null, { action: 'open', app })).status, 401)
      for (const id of [closed, silent, gone, 9999, 0, -1, 'x']) {
        assert.equal((await page(user, `app/${id}`)).status, 404, `${id}`)
        assert.equal((await ask(user, { action: 'open', app: id })).status, 404, `${id}`)
        assert.equal((await ask(user, { action: 'refresh', app: id })).status, 404, `${id}`)
      }
      assert.deepEqual((await ask(user, { action: 'list' })).json.map(one => one.id), [app])
      assert.deepEqual((await ask(admin, { action: 'list' })).json.map(one => one.id), [app, closed])
      assert.equal((await ask(user, { action: 'nothing', app })).status, 400)
    })

    test('another page, or a form, asks for nothing', async () => {
      assert.equal((await ask(user, { action: 'open', app }, { Origin: 'https://evil.example' })).status, 403)
      assert.equal((await ask(user, { action: 'open', app }, { 'Content-Type': 'text/plain' })).status, 403)
      assert.equal((await ask(user, { action: 'open', app }, { Origin: new URL(server.url).origin })).status, 200)
    })

    test('an address of this server, or one that is none for a policy, is not framed', async () => {
      for (const address of [`${server.url}page`, `${server.url.toUpperCase()}page`, server.url.replace(/:(\d+)\//, ':0$1/'), 'https://app.example:99999/', 'https://[::1/', "https://app.example;script-src/x", 'https://user@app.example/', 'https://app.example%20x/']) {
        const made = JSON.parse(rapport('app', 'add', ...place, '--json', '--name', 'Odd', '--handler', address, '--scope', 'crm').out || '{}').id
        if (!made) continue // refused at once
        assert.equal((await page(user, `app/${made}`)).status, 404, address)
        assert.equal((await ask(user, { action: 'open', app: made })).status, 404, address)
        rapport('app', 'revoke', '--id', `${made}`, ...place)
      }
    })

    test("its frame gets the looking user's token, with the application's scope", async () => {
      const { json } = await ask(user, { action: 'open', app })
      assert.equal(json.handler, 'https://app.example/page?a=1')
      assert.deepEqual([json.placement, json.is_admin, json.install, json.first_run, json.protocol], ['DEFAULT', false, false, true, '0'])
      const { AUTH_ID, REFRESH_ID, AUTH_EXPIRES, member_id, status, APPLICATION_SCOPE } = json.fields
      assert.deepEqual([AUTH_EXPIRES, status, APPLICATION_SCOPE], ['3600', 'L', 'crm,placement'])
      assert.match(member_id, /^[0-9a-f]{32}$/)
      const as = (token, method) => fetch(`${server.url}rest/${method}?auth=${token}`).then(answer => answer.json())
      assert.equal((await as(AUTH_ID, 'profile')).result.ID, '2')
      assert.equal((await as(AUTH_ID, 'user.get')).error, 'insufficient_scope')
      const next = (await ask(user, { action: 'refresh', app })).json
      assert.notEqual(next.AUTH_ID, AUTH_ID)
      assert.notEqual(next.REFRESH_ID, REFRESH_ID)
      assert.equal((await as(next.AUTH_ID, 'app.info')).result.INSTALLED, true)
      assert.equal((await ask(user, { action: 'ran', app })).json, true)
      assert.equal((await ask(user, { action: 'open', app })).json.first_run, false)
      assert.equal((await ask(admin, { action: 'open', app })).json.first_run, true)
    })

    test('an installer is for the administrator, until it is done', async () => {
      const id = add('--name', 'Setup', '--handler', 'https://main.example/', '--install-url', 'https://setup.example/go', '--scope', 'crm').id
      assert.equal((await page(user, `app/${id}`)).status, 404)
      assert.match((await ask(user, { action: 'open', app: id })).json.error_description, /not fully installed/)
      assert.match((await page(admin, `app/${id}`)).policy, /frame-src https:\/\/setup\.example;/)
      const open = (await ask(admin, { action: 'open', app: id })).json
      assert.deepEqual([open.handler, open.install], ['https://setup.example/go', true])
      const info = () => fetch(`${server.url}rest/app.info?auth=${open.fields.AUTH_ID}`).then(answer => answer.json())
      assert.deepEqual([(await info()).result.INSTALLED, (await info()).result.install.installed], [false, false])
      assert.equal((await ask(user, { action: 'finish', app: id })).status, 404)
      assert.equal((await ask(admin, { action: 'finish', app: id })).json, true)
      assert.equal((await info()).result.INSTALLED, true)
      assert.match((await page(user, `app/${id}`)).policy, /frame-src https:\/\/main\.example;/)
      assert.deepEqual((({ handler, install }) => [handler, install])((await ask(user, { action: 'open', app: id })).json), ['https://main.example/', false])
    })

    test('a place has the origin of its own handler', async () => {
      const { fields } = (await ask(admin, { action: 'open', app })).json
      const bound = await fetch(`${server.url}rest/placement.bind`, {
        method: 'POST', headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ auth: fields.AUTH_ID, PLACEMENT: 'CRM_DEAL_DETAIL_TAB', HANDLER: 'https://tab.example/x', TITLE: 'Tab' })
      }).then(answer => answer.json())
      assert.equal(bound.result, true, JSON.stringify(bound))
      const [listed] = (await ask(user, { action: 'list' })).json
      const [tab] = listed.places
      assert.deepEqual([tab.placement, tab.title], ['CRM_DEAL_DETAIL_TAB', 'Tab'])
      assert.match((await page(user, `app/${app}?place=${tab.id}`)).policy, /frame-src https:\/\/tab\.example;/)
      assert.equal((await ask(user, { action: 'open', app, place: tab.id })).json.placement, 'CRM_DEAL_DETAIL_TAB')
      const other = add('--name', 'Other', '--handler', 'https://other.example/', '--scope', 'crm').id
      assert.equal((await page(user, `app/${other}?place=${tab.id}`)).status, 404)
      assert.equal((await ask(user, { action: 'open', app: other, place: tab.id })).status, 404)
    })

    test('who is dismissed opens nothing, and his frames call nothing', async () => {
      const { fields } = (await ask(user, { action: 'open', app })).json
      await server.result('user.update', { ID: 2, ACTIVE: 'N' })
      assert.equal((await page(user, `app/${app}`)).status, 401)
      assert.equal((await ask(user, { action: 'refresh', app })).status, 401)
      const answer = await fetch(`${server.url}rest/profile?auth=${fields.AUTH_ID}`)
      assert.equal(answer.status, 401)
    })
  })
}
