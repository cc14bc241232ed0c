// What a person does with his own sign-in: sessions, and a second factor, at the console and in the form of OAuth.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { device } from './lib/device.mjs'
import { BIN, Server, rapport, stores } from './lib/server.mjs'

for (const store of stores) {
  describe(`accounts on ${store.name}`, () => {
    let server, place, login
    let clock = 1_768_467_600 // frozen, and moved by hand: each code opens once
    const cookies = jar => (jar ? { Cookie: jar } : {})
    const ask = async (page, body, jar, headers = {}) => {
      const answer = await fetch(`${server.url}console/${page}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...cookies(jar), ...headers },
        body: JSON.stringify(body)
      })
      return { status: answer.status, json: await answer.json(), jar: answer.headers.get('set-cookie')?.split(';')[0] }
    }
    const session = (body, jar, headers) => ask('session', body, jar, headers)
    const account = (body, jar, headers) => ask('account', body, jar, headers)
    const setClock = async () => {
      const set = await fetch(`${server.url}_rapport/clock/freeze?auth=wiretestcode1234`, {
        method: 'POST', body: new URLSearchParams({ at: new Date(clock * 1000).toISOString() })
      })
      assert.equal(set.status, 200, await set.text())
    }
    const later = async seconds => {
      clock += seconds
      await setClock()
    }
    const signIn = (headers = {}) => session({ action: 'signin', login, password: 'right password' }, null, headers)

    before(async () => {
      server = await Server.start({ store, args: ['--control'] })
      place = ['--data', server.dir, ...(store.url ? ['--store', store.url] : [])]
      const made = spawnSync(BIN, ['user', 'password', '--id', '2', ...place], { input: 'right password\n', encoding: 'utf8' })
      assert.equal(made.status, 0, made.stderr)
      login = JSON.parse(rapport('user', 'list', '--json', ...place).out).find(user => user.id === 2).login
      await setClock()
    })
    after(() => server.stop())

    test('the list of sessions, and the end of one', async () => {
      const one = await signIn({ 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0' })
      await later(60)
      const two = await signIn({ 'User-Agent': 'curl/7.88' })
      const { json } = await account({ action: 'show' }, one.jar)
      assert.deepEqual([json.login, json.has_password, json.second_factor, json.recovery_left], [login, true, false, 0])
      const [last, first] = json.sessions
      assert.deepEqual({ ...first, key: '' }, { key: '', created: clock - 60, used: clock - 60, address: '127.0.0.1', agent: 'Firefox, Linux', current: true })
      assert.deepEqual([last.agent, last.current, last.created], ['curl/7.88', false, clock])
      assert.match(first.key, /^[0-9a-f]{16}$/)
      await later(60)
      await session({ action: 'token' }, one.jar)
      assert.equal((await account({ action: 'show' }, one.jar)).json.sessions[0].used, clock)
      // Somebody else's key ends nothing.
      const admin = await session({ action: 'link', code: rapport('console', ...place).out.split('#signin=')[1].trim() })
      assert.equal((await account({ action: 'end', key: last.key }, admin.jar)).status, 404)
      assert.equal((await account({ action: 'end', key: last.key }, one.jar)).status, 200)
      assert.equal((await session({ action: 'token' }, two.jar)).status, 401)
      const gone = await fetch(`${server.url}rest/user.current`, { headers: { Authorization: `Bearer ${two.json.token}` } })
      assert.equal(gone.status, 401)
      assert.equal((await session({ action: 'token' }, one.jar)).status, 200)
    })

    test('sign out everywhere means here, too', async () => {
      const one = await signIn(), two = await signIn()
      assert.equal((await session({ action: 'signout_everywhere' }, one.jar)).status, 200)
      for (const { jar } of [one, two]) assert.equal((await session({ action: 'token' }, jar)).status, 401)
      for (const { json } of [one, two]) {
        const answer = await fetch(`${server.url}rest/user.current`, { headers: { Authorization: `Bearer ${json.token}` } })
        assert.equal(answer.status, 401)
      }
    })

    test('only pages of this host, and who is signed in', async () => {
      const { jar } = await signIn()
      assert.equal((await account({ action: 'show' })).status, 401)
      assert.equal((await account({ action: 'show' }, jar, { Origin: 'http://elsewhere.example' })).status, 403)
      assert.equal((await account({ action: 'show' }, jar, { 'Content-Type': 'text/plain' })).status, 403)
      assert.equal((await account({ action: 'nothing' }, jar)).status, 400)
    })

    let secret, recovery
    test('a second factor holds when a code of it was shown', async () => {
      const { jar } = await signIn()
      assert.equal((await account({ action: 'second_factor_confirm', code: '123456' }, jar)).status, 400)
      const begun = await account({ action: 'second_factor_begin' }, jar)
      secret = begun.json.secret
      assert.match(secret, /^[A-Z2-7]{32}$/)
      const uri = new URL(begun.json.uri)
      assert.equal(uri.protocol + uri.host + decodeURIComponent(uri.pathname), `otpauth:totp/Rapport:${login}`)
      assert.equal(uri.searchParams.get('secret'), secret)
      assert.equal(uri.searchParams.get('issuer'), `Rapport ${new URL(server.url).host}`)
      assert.ok((await signIn()).json.token, 'it does not hold yet')
      assert.equal((await account({ action: 'second_factor_confirm', code: '000000' }, jar)).status, 403)
      const held = await account({ action: 'second_factor_confirm', code: device(secret, clock) }, jar)
      recovery = held.json.recovery_codes
      assert.equal(new Set(recovery).size, 10)
      assert.equal((await account({ action: 'second_factor_begin' }, jar)).status, 400)
      const { json } = await account({ action: 'show' }, jar)
      assert.deepEqual([json.second_factor, json.recovery_left], [true, 10])
    })

    test('then a password is half of a sign-in', async () => {
      await later(60)
      const first = await signIn()
      assert.deepEqual([first.status, first.json.second_factor, first.jar, first.json.token], [200, true, undefined, undefined])
      const { ticket } = first.json
      assert.equal((await session({ action: 'code', ticket, code: '000000' })).status, 403)
      assert.equal((await session({ action: 'code', ticket: ticket.replace(/^2-/, '1-'), code: device(secret, clock) })).status, 403)
      const second = await session({ action: 'code', ticket, code: device(secret, clock) })
      assert.equal(second.status, 200, JSON.stringify(second.json))
      assert.equal(second.json.user_id, 2)
      assert.equal((await session({ action: 'token' }, second.jar)).status, 200)
      // The code was used; a recovery code opens, once.
      assert.equal((await session({ action: 'code', ticket, code: device(secret, clock) })).status, 403)
      assert.equal((await session({ action: 'code', ticket, code: recovery[0].toUpperCase() })).status, 200)
      assert.equal((await session({ action: 'code', ticket, code: recovery[0] })).status, 403)
      await later(400)
      assert.match((await session({ action: 'code', ticket, code: device(secret, clock) })).json.error_description, /too long/)
    })

    test('a ticket ends with its password', async () => {
      await later(60)
      const { ticket } = (await signIn()).json
      const changed = spawnSync(BIN, ['user', 'password', '--id', '2', ...place], { input: 'right password\n', encoding: 'utf8' })
      assert.equal(changed.status, 0)
      assert.equal((await session({ action: 'code', ticket, code: device(secret, clock) })).status, 403)
    })

    test('the sign-in of OAuth asks for it, too', async () => {
      await later(60)
      const app = JSON.parse(rapport('app', 'add', '--name', 'Second', '--redirect-uri', 'http://127.0.0.1:9/back', '--scope', 'crm', '--json', ...place).out)
      const address = `${server.url}oauth/authorize/?client_id=${app.client_id}`
      const jar = new Map()
      const go = async (url, form) => {
        const answer = await fetch(url, {
          redirect: 'manual', method: form ? 'POST' : 'GET',
          headers: { Cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
          body: form && new URLSearchParams(form)
        })
        for (const set of answer.headers.getSetCookie()) {
          const [name, value] = set.split(';')[0].split('=')
          jar.set(name, value)
        }
        return { status: answer.status, text: await answer.text(), to: answer.headers.get('location') }
      }
      const hidden = html => Object.fromEntries([...html.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(m => [m[1], m[2]]))
      const page = await go(address)
      const password = await go(`${server.url}oauth/authorize/`, { ...hidden(page.text), action: 'signin', login, password: 'right password' })
      assert.equal(password.status, 200)
      assert.match(password.text, /autocomplete="one-time-code"/)
      assert.ok(!jar.has('rapport_session'))
      const wrong = await go(`${server.url}oauth/authorize/`, { ...hidden(password.text), action: 'code', code: '000000' })
      assert.equal(wrong.status, 403)
      assert.match(wrong.text, /role="alert"/)
      const right = await go(`${server.url}oauth/authorize/`, { ...hidden(wrong.text), action: 'code', code: device(secret, clock) })
      assert.equal(right.status, 303)
      assert.ok(jar.has('rapport_session'))
      assert.match((await go(address)).text, /wants to act in the name of/)
    })

    test('new recovery codes take a code', async () => {
      await later(60)
      const { ticket } = (await signIn()).json
      const { jar } = await session({ action: 'code', ticket, code: recovery[1] })
      const before = await account({ action: 'show' }, jar)
      assert.equal(before.json.recovery_left, 8)
      assert.equal((await account({ action: 'recovery_codes', code: '1' }, jar)).status, 403)
      const made = await account({ action: 'recovery_codes', code: device(secret, clock) }, jar)
      assert.equal(made.json.recovery_codes.length, 10)
      assert.equal((await session({ action: 'code', ticket, code: recovery[2] })).status, 403)
      recovery = made.json.recovery_codes
    })

    test('nothing of it is in a log', async () => {
      const calls = await (await fetch(`${server.url}_rapport/calls?console=1&auth=wiretestcode1234`)).text()
      assert.match(calls, /console\/account/)
      for (const told of [secret, ...recovery, 'right password', 'otpauth']) {
        assert.ok(!calls.includes(told))
        assert.ok(!server.log.includes(told))
      }
    })

    test('wrong codes are slowed down, for all sessions together', async () => {
      await later(3700)
      const { ticket } = (await signIn()).json
      const codes = []
      for (let i = 0; i < 6; i++) codes.push((await session({ action: 'code', ticket, code: '000000' })).status)
      assert.deepEqual(codes, [403, 403, 403, 403, 403, 429])
      const again = (await signIn()).json.ticket
      assert.equal((await session({ action: 'code', ticket: again, code: device(secret, clock) })).status, 429)
      await later(60)
      assert.equal((await session({ action: 'code', ticket: again, code: device(secret, clock) })).status, 200)
    })

    test('an administrator sees who has one, and removes that of another', async () => {
      const factor = async () => {
        const { jar } = await signIn()
        const begun = await account({ action: 'second_factor_begin' }, jar)
        await later(60)
        assert.equal((await account({ action: 'second_factor_confirm', code: device(begun.json.secret, clock) }, jar)).status, 200)
        return jar
      }
      assert.equal(rapport('user', 'set', '--id', '2', '--no-second-factor', ...place).code, 0)
      const jar = await factor()
      for (const body of [{ action: 'second_factors' }, { action: 'second_factor_drop', user_id: '1' }])
        assert.equal((await account(body, jar)).status, 403, body.action)
      const link = rapport('console', '--user', '1', ...place).out.trim().split('=').at(-1)
      const admin = (await session({ action: 'link', code: link })).jar
      assert.deepEqual((await account({ action: 'second_factors' }, admin)).json, { users: [2] })
      assert.equal((await account({ action: 'second_factor_drop', user_id: '1' }, admin)).status, 400)
      assert.equal((await account({ action: 'second_factor_drop', user_id: '3' }, admin)).status, 404)
      assert.equal((await account({ action: 'second_factor_drop', user_id: '2' }, admin)).json, true)
      assert.deepEqual((await account({ action: 'second_factors' }, admin)).json, { users: [] })
      assert.ok((await signIn()).json.token)
      await factor()
    })

    test('an administrator removes it, and its user himself', async () => {
      assert.equal(rapport('user', 'set', '--id', '2', ...place).code, 2)
      assert.equal(rapport('user', 'set', '--id', '3', '--no-second-factor', ...place).code, 1)
      assert.equal(rapport('user', 'set', '--id', '2', '--no-second-factor', ...place).code, 0)
      const { json, jar } = await signIn()
      assert.ok(json.token)
      await later(60)
      const begun = await account({ action: 'second_factor_begin' }, jar)
      assert.notEqual(begun.json.secret, secret)
      await account({ action: 'second_factor_confirm', code: device(begun.json.secret, clock) }, jar)
      assert.equal((await account({ action: 'second_factor_remove', code: device(begun.json.secret, clock) }, jar)).status, 403)
      await later(60)
      assert.equal((await account({ action: 'second_factor_remove', code: device(begun.json.secret, clock) }, jar)).status, 200)
      assert.ok((await signIn()).json.token)
    })
  })
}
