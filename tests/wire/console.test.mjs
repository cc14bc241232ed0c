// The console's files and its session: who may sign in, what the token opens, and when it ends.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { BIN, Server, rapport, stores } from './lib/server.mjs'

for (const store of stores) {
  describe(`console on ${store.name}`, () => {
    let server, jar, link
    before(async () => {
      server = await Server.start({ store, code: null, args: ['--plan', 'free', '--control'] })
      link = server.lines.find(line => line.startsWith('console ')).split('#signin=')[1]
    })
    after(() => server.stop())

    const ask = async (body, { cookie = jar, headers = {} } = {}) => {
      const answer = await fetch(`${server.url}console/session`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...(cookie ? { Cookie: cookie } : {}), ...headers },
        body: JSON.stringify(body)
      })
      const set = answer.headers.get('set-cookie')
      return { status: answer.status, json: await answer.json(), cookie: set?.split(';')[0], attributes: set }
    }
    const rest = async (token, method, params = {}) => {
      const answer = await fetch(`${server.url}rest/${method}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
        body: JSON.stringify(params)
      })
      return { status: answer.status, json: await answer.json() }
    }

    test('what the first start prints ends with ready', () => {
      assert.deepEqual(server.lines.map(line => line.split(' ')[0]), ['webhook', 'console', 'ready'])
    })

    test('the page names its files, lets nothing else in, and is not sent twice', async () => {
      const page = await fetch(server.url)
      const html = await page.text()
      assert.match(page.headers.get('content-security-policy'), /default-src 'none'; script-src 'self'; .*frame-ancestors 'none'/)
      assert.doesNotMatch(page.headers.get('content-security-policy'), /unsafe/)
      assert.doesNotMatch(html, /<script>|style=| on[a-z]+=/)
      assert.match(page.headers.get('content-security-policy'), /base-uri 'none'/)
      assert.doesNotMatch(page.headers.get('content-security-policy'), /https?:|\*/)
      assert.equal(page.headers.get('x-frame-options'), 'DENY')
      assert.equal(page.headers.get('x-content-type-options'), 'nosniff')
      assert.equal(page.headers.get('referrer-policy'), 'no-referrer')
      assert.equal(page.headers.get('content-encoding'), 'gzip')
      assert.match(page.headers.get('vary'), /Accept-Encoding/)
      assert.match(page.headers.get('etag'), /^W\/"[\w-]+"$/)
      assert.equal(page.headers.get('cache-control'), 'no-cache')
      const again = await fetch(server.url, { headers: { 'If-None-Match': page.headers.get('etag') } })
      assert.equal(again.status, 304)
      assert.equal(await again.text(), '')
      assert.equal(again.headers.get('etag'), page.headers.get('etag'))
      assert.equal((await fetch(server.url, { headers: { 'If-None-Match': '"other"' } })).status, 200)
      const names = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(match => match[1])
      assert.equal(names.filter(name => /\.(js|css|svg)$/.test(name)).length, names.length)
      assert.equal(names.filter(name => /\/(app|icon)-/.test(name)).length, 3)
      let size = 0
      for (const name of names) {
        const file = await fetch(new URL(name, server.url))
        assert.equal(file.status, 200, name)
        const plain = await (await fetch(new URL(name, server.url), { headers: { 'Accept-Encoding': 'identity' } })).text()
        assert.equal(await file.text(), plain)
        if (name.endsWith('.js')) assert.match(file.headers.get('cache-control'), /immutable/)
        // What the policy forbids would not run: none of it is there.
        if (name.endsWith('.js')) assert.doesNotMatch(plain, /\beval\(|new Function\(/)
        assert.equal(file.headers.get('x-content-type-options'), 'nosniff')
        size += Number(file.headers.get('content-length'))
      }
      assert.ok(size < 100 * 1024, `${size} bytes over the wire`)
      assert.equal((await fetch(`${server.url}console/none.js`)).status, 404)
    })

    test('nobody is signed in at first', async () => {
      assert.deepEqual((await ask({ action: 'token' })).status, 401)
    })

    test('the link signs in, once', async () => {
      const first = await ask({ action: 'link', code: link })
      assert.equal(first.status, 200)
      assert.match(first.attributes, /HttpOnly/)
      assert.deepEqual([first.json.user_id, first.json.is_admin, first.json.control], [1, true, true])
      jar = first.cookie
      assert.equal((await ask({ action: 'link', code: link })).status, 403)
    })

    test('the token calls as its user, and no plan, fault or closing meets it; a cookie opens nothing', async () => {
      const { json } = await ask({ action: 'token' })
      assert.equal((await rest(json.token, 'user.current')).json.result.ID, '1')
      const bare = await fetch(`${server.url}rest/user.current`, { headers: { Cookie: jar } })
      assert.equal((await bare.json()).error, 'NO_AUTH_FOUND')
      const webhook = server.lines[0].split(' ')[1]
      assert.equal((await server.call('profile', {}, { base: webhook })).json.error, 'ACCESS_DENIED') // the plan
      const here = ['--data', server.dir]
      for (const args of [['portal', 'close'], ['fault', 'add', '--error', 'INTERNAL_SERVER_ERROR']])
        assert.equal(rapport(...args, ...here).code, 0)
      assert.equal((await rest(json.token, 'user.current')).status, 200)
      assert.notEqual((await server.call('profile', {}, { base: webhook })).status, 200)
      assert.equal(rapport('portal', 'open', ...here).code, 0)
      assert.equal(rapport('fault', 'clear', ...here).code, 0)
    })

    test('no fault and no closing meets its pages', async () => {
      const here = ['--data', server.dir]
      assert.equal(rapport('fault', 'add', '--kind', 'drop', ...here).code, 0)
      assert.equal(rapport('portal', 'close', ...here).code, 0)
      assert.equal((await fetch(server.url)).status, 200)
      assert.equal((await fetch(new URL('/console/icon.svg', server.url))).status < 500, true)
      const { json } = await ask({ action: 'token' })
      const account = await fetch(`${server.url}console/account`, {
        method: 'POST', headers: { 'Content-Type': 'application/json', Cookie: jar }, body: '{"action":"show"}'
      })
      assert.equal(account.status, 200)
      const stream = new AbortController()
      const followed = await fetch(`${server.url}console/stream`, { headers: { Authorization: `Bearer ${json.token}` }, signal: stream.signal })
      assert.equal(followed.status, 200)
      stream.abort()
      const batch = await rest(json.token, 'batch', { cmd: { a: 'user.current', b: 'crm.deal.list' } })
      assert.deepEqual(Object.keys(batch.json.result.result), ['a', 'b'])
      await assert.rejects(fetch(`${server.url}rest/1/wrong/profile`).then(answer => assert.equal(answer.status, 200)))
      // Nor can one be made for them: it would never come.
      assert.notEqual(rapport('fault', 'add', '--method', '/console/session', '--error', 'INTERNAL_SERVER_ERROR', ...here).code, 0)
      assert.equal(rapport('portal', 'open', ...here).code, 0)
      assert.equal(rapport('fault', 'clear', ...here).code, 0)
    })

    test('the log of calls hides its own, unless it is asked for them', async () => {
      const code = server.lines[0].split('/').at(-2)
      const { json } = await ask({ action: 'token' })
      await rest(json.token, 'crm.deal.get', { id: 1 })
      await fetch(`${server.url}rest/crm.lead.get?id=1&auth=${code}`)
      const calls = async (query, headers = {}) => (await fetch(`${server.url}_rapport/calls?${query}`, { headers })).json()
      const told = (await calls(`auth=${code}`)).map(call => [call.method, call.console])
      assert.deepEqual(told.filter(([, own]) => own), [])
      assert.equal(told.at(-1)[0], 'crm.lead.get')
      const all = (await calls(`console=1&auth=${code}`)).filter(call => call.console).map(call => call.method)
      assert.deepEqual(all.slice(-2), ['/console/session', 'crm.deal.get'])
      assert.ok(all.includes('/'))
      // The page itself gets all, and can leave them out.
      const bearer = { Authorization: `Bearer ${json.token}` }
      assert.ok((await calls('', bearer)).some(call => call.console))
      assert.ok(!(await calls('console=0', bearer)).some(call => call.console))
    })

    test('neither the rate nor the operating limit of a plan meets it', async () => {
      const own = await Server.start({ args: ['--plan', 'standard', '--limit-rate', '1', '--limit-burst', '1', '--limit-operating', '0.000001'] })
      const link = rapport('console', '--data', own.dir).out.split('#signin=')[1].trim()
      const { token } = await (await fetch(`${own.url}console/session`, {
        method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ action: 'link', code: link })
      })).json()
      const errors = []
      for (let i = 0; i < 4; i++) errors.push((await own.call('crm.deal.list', {})).json.error)
      assert.ok(errors.includes('QUERY_LIMIT_EXCEEDED') || errors.includes('OPERATION_TIME_LIMIT'), `${errors}`)
      for (let i = 0; i < 20; i++) {
        const answer = await fetch(`${own.url}rest/crm.deal.list`, { headers: { Authorization: `Bearer ${token}` } })
        assert.equal(answer.status, 200)
      }
      await own.stop()
    })

    test('an address of a file that it got is good as long as it has a session', async () => {
      const token = (await ask({ action: 'token' })).json.token
      const content = Buffer.from('two chairs').toString('base64')
      const id = (await rest(token, 'crm.timeline.comment.add', {
        fields: { ENTITY_TYPE: 'deal', ENTITY_ID: 1, COMMENT: 'With a file', FILES: [['order.txt', content]] }
      })).json.result
      const { FILES } = (await rest(token, 'crm.timeline.comment.get', { id })).json.result
      const address = Object.values(FILES)[0].urlDownload
      assert.equal(await (await fetch(address)).text(), 'two chairs')
      assert.equal((await fetch(address.replace('fileId=1', 'fileId=2'))).status, 403)
    })

    test('a reset signs nobody out', async () => {
      const { json } = await ask({ action: 'token' })
      const code = server.lines[0].split('/').at(-2)
      const reset = await fetch(`${server.url}_rapport/reset?auth=${code}`, {
        method: 'POST', body: new URLSearchParams({ to: 'demo' })
      })
      assert.equal(reset.status, 200, await reset.text())
      assert.equal((await rest(json.token, 'user.current')).json.result.ID, '1')
      assert.equal((await ask({ action: 'token' })).status, 200)
    })

    test('only pages of this host are answered', async () => {
      assert.equal((await ask({ action: 'token' }, { headers: { Origin: 'http://elsewhere.example' } })).status, 403)
      assert.equal((await ask({ action: 'token' }, { headers: { Origin: server.url.replace(/\/$/, '') } })).status, 200)
      const form = await fetch(`${server.url}console/session`, {
        method: 'POST',
        headers: { Cookie: jar, 'Content-Type': 'text/plain' },
        body: '{"action":"token"}'
      })
      assert.equal(form.status, 403)
    })

    test('a password signs in, a new one ends the other sessions, signing out ends this one at once', async () => {
      const place = ['--data', server.dir, ...(store.url ? ['--store', store.url] : [])]
      const made = spawnSync(BIN, ['user', 'password', '--id', '1', ...place], { input: 'old password\n', encoding: 'utf8' })
      assert.equal(made.status, 0, made.stderr)
      const login = JSON.parse(rapport('user', 'list', '--json', ...place).out).find(user => user.id === 1).login
      assert.equal((await ask({ action: 'signin', login, password: 'wrong' })).status, 403)
      const other = await ask({ action: 'signin', login, password: 'old password' })
      assert.equal(other.status, 200, JSON.stringify(other.json))
      const mine = (await ask({ action: 'token' })).json.token
      assert.equal((await ask({ action: 'password', login, old: 'wrong', password: 'new password' })).status, 403)
      assert.equal((await ask({ action: 'password', login, old: 'old password', password: 'short' })).status, 400)
      assert.equal((await ask({ action: 'password', login, old: 'old password', password: 'new password' })).status, 200)
      assert.equal((await rest(other.json.token, 'user.current')).status, 401)
      assert.equal((await rest(mine, 'user.current')).status, 200)
      assert.equal((await ask({ action: 'signout' })).status, 200)
      assert.equal((await rest(mine, 'user.current')).status, 401)
      assert.equal((await ask({ action: 'token' })).status, 401)
    })

    test('rapport console makes another link; a dismissed user is out at once', async () => {
      const place = ['--data', server.dir, ...(store.url ? ['--store', store.url] : [])]
      const made = rapport('console', '--user', '2', '--json', ...place)
      assert.equal(made.code, 0, made.err)
      const { address } = JSON.parse(made.out)
      assert.ok(address.startsWith(server.url), address)
      const { json } = await ask({ action: 'link', code: address.split('#signin=')[1] })
      assert.deepEqual([json.user_id, json.is_admin], [2, false])
      const admin = rapport('console', '--json', ...place)
      const { json: boss } = await ask({ action: 'link', code: JSON.parse(admin.out).address.split('#signin=')[1] })
      assert.equal((await rest(boss.token, 'user.update', { ID: 2, ACTIVE: false })).status, 200)
      const ended = Date.now() + 5000
      while ((await rest(json.token, 'user.current')).status === 200) assert.ok(Date.now() < ended)
      assert.equal(rapport('console', '--user', '999', ...place).code, 1)
    })
  })
}
