// The control API over the wire, as a test suite of a client would use it.
import { after, before, beforeEach, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { CODE, Server, activity, rapport, stores } from './lib/server.mjs'

after(() => Server.killAll())

for (const store of stores) {
  describe(`the control API on ${store.name}`, () => {
    let server
    const ask = async (path, params, { code = CODE, verb = params ? 'POST' : 'GET' } = {}) => {
      const answer = await fetch(`${server.url}_rapport/${path}`, {
        method: verb,
        headers: {
          'Content-Type': 'application/json',
          ...(code && { Authorization: `Bearer ${code}` })
        },
        body: params && JSON.stringify(params)
      })
      return { status: answer.status, json: await answer.json() }
    }
    const control = async (path, params) => {
      const { status, json } = await ask(path, params)
      assert.equal(status, 200, JSON.stringify(json))
      return json
    }

    before(async () => {
      server = await Server.start({
        store,
        args: ['--control', '--plan', 'standard', '--limit-time', '0', '--time-zone', '+03:00']
      })
    })
    beforeEach(async () => {
      await control('faults/clear', {})
      await control('clock/resume', {})
      await control('clock/move', { by: '1h' }) // whatever the tests before spent
      await control('clock/resume', {})
    })
    after(() => server?.stop())

    test('is there for administrators only, and only with --control', async () => {
      assert.equal((await ask('clock', null, { code: null })).status, 401)
      assert.equal((await ask('clock', null, { code: 'wrong' })).status, 401)
      const user = JSON.parse(
        rapport('webhook', 'add', '--user', '2', '--data', server.dir, '--json').out
      )
      const refused = await ask('clock', null, { code: user.code })
      assert.deepEqual([refused.status, refused.json.error], [403, 'ACCESS_DENIED'])
      assert.equal((await ask('clock/freeze')).status, 405)
      assert.equal((await ask('nonsense')).status, 404)
    })

    test('faults', async () => {
      const added = await control('faults', { method: 'crm.activity.get', error: 'OVERLOAD_LIMIT', count: 1 })
      assert.deepEqual([added.kind, added.error, added.status], ['error', 'OVERLOAD_LIMIT', 503])
      assert.equal((await server.call('crm.activity.get', { id: 1 })).json.error, 'OVERLOAD_LIMIT')
      assert.equal((await server.call('crm.activity.get', { id: 1 })).status, 200)
      assert.deepEqual((await control('faults')).map(row => [row.id, row.hits]), [[added.id, 1]])
      const wrong = await ask('faults', { error: 'NONSENSE' })
      assert.deepEqual([wrong.status, wrong.json.error], [400, 'INVALID_ARG_VALUE'])
      assert.match(wrong.json.error_description, /There are: .*QUERY_LIMIT_EXCEEDED/)
      assert.deepEqual(await control('faults/clear', { id: added.id }), { cleared: 1 })
      assert.equal((await ask('faults/clear', { id: added.id })).status, 404)
    })

    test('the clock stands, moves, and runs again', async () => {
      const clock = await control('clock/freeze', { at: '2031-02-03T04:05:06+03:00' })
      assert.deepEqual([clock.date, clock.frozen], ['2031-02-03T04:05:06+03:00', true])
      assert.equal(await server.result('server.time'), '2031-02-03T04:05:06+03:00')
      const id = await server.result('crm.activity.add', activity())
      await control('clock/move', { by: '10m' })
      await server.result('crm.activity.update', { id, fields: { SUBJECT: 'Later' } })
      const row = await server.result('crm.activity.get', { id })
      assert.deepEqual(
        [row.CREATED, row.LAST_UPDATED],
        ['2031-02-03T04:05:06+03:00', '2031-02-03T04:15:06+03:00']
      )
      assert.equal((await control('clock/resume', {})).frozen, false)
      const real = Date.parse(await server.result('server.time'))
      assert.ok(Math.abs(real - Date.now()) < 60_000)
    })

    test('the buckets follow the clock', async () => {
      await control('clock/freeze', {})
      await control('clock/move', { by: '10m' })
      const status = async () => (await server.call('server.time')).status
      const first = []
      for (let i = 0; i < 52; i++) first.push(await status())
      assert.deepEqual(first, [...Array(51).fill(200), 503])
      await control('clock/move', { by: '1s' })
      assert.deepEqual([await status(), await status(), await status()], [200, 200, 503])
    })

    test('an access token runs out by the clock', async () => {
      const command = (...args) => {
        const run = rapport(...args, '--data', server.dir, '--json')
        assert.equal(run.code, 0, run.err)
        return JSON.parse(run.out)
      }
      await control('clock/freeze', { at: '2032-01-01T00:00:00Z' })
      const app = command('app', 'add', '--name', 'Clock', '--redirect-uri', 'http://127.0.0.1/', '--scope', 'crm')
      // The command dates its token by the server's clock.
      const token = command('token', 'issue', '--app', String(app.id), '--user', '1')
      const call = async () => (await server.call('crm.activity.get', { id: 1, auth: token.access_token }, { base: `${server.url}rest/` }))
      assert.equal((await call()).status, 200)
      await control('clock/move', { by: '59m' })
      assert.equal((await call()).status, 200)
      await control('clock/move', { by: '2m' })
      const late = await call()
      assert.deepEqual([late.status, late.json.error], [401, 'expired_token'])
    })

    test('the log of calls', async () => {
      await control('calls/clear', {})
      await server.call('crm.activity.get', { id: 1 })
      await server.call('batch', { cmd: { a: 'crm.activity.get?id=2', b: `scope?auth=${CODE}` } })
      await server.call('crm.activity.get', { id: 999_999, auth: CODE }, { base: `${server.url}rest/` })
      const calls = await control('calls')
      assert.deepEqual(
        calls.map(row => [row.method, row.params ?? null, row.status, row.error, row.user]),
        [
          ['crm.activity.get', { id: 1 }, 200, null, 1],
          ['batch', null, 200, null, 1],
          ['crm.activity.get', { id: 999_999 }, 400, '', 1]
        ]
      )
      assert.deepEqual(calls[1].commands, [
        { key: 'a', method: 'crm.activity.get', params: { id: '2' } },
        { key: 'b', method: 'scope', params: {} }
      ])
      assert.ok(!JSON.stringify(calls).includes(CODE))
      assert.ok(calls.every(row => row.client === '127.0.0.1' && row.request_id && row.credential > 0))
      assert.deepEqual((await control(`calls?after=${calls[0].id}&method=crm.activity.get`)).map(row => row.id), [
        calls[2].id
      ])
      assert.deepEqual(await control('calls/clear', {}), { cleared: 3 })
      assert.deepEqual(await control('calls'), [])
    })
  })
}

test('without --control there is no control API', async () => {
  const server = await Server.start({})
  const answer = await fetch(`${server.url}_rapport/clock`, { headers: { Authorization: `Bearer ${CODE}` } })
  assert.equal(answer.status, 404)
  await server.stop()
})
