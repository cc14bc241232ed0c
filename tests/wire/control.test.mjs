// The control API over the wire, as a test suite of a client would use it.
import { after, before, beforeEach, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { listen } from './lib/listen.mjs'
import { CODE, Server, activity, rapport, stores } from './lib/server.mjs'

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
      assert.equal(rapport('webhook', 'revoke', '--id', String(user.id), '--data', server.dir).code, 0)
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
      // The administrator who allowed it may do this himself; the application has its scope.
      const own = { headers: { Authorization: `Bearer ${token.access_token}` } }
      for (const page of ['_rapport/clock', '_rapport/calls', '_rapport/faults', 'metrics'])
        assert.equal((await fetch(server.url + page, own)).status, 403, page)
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
        { key: 'a', method: 'crm.activity.get', params: { id: '2' }, left_out: [] },
        { key: 'b', method: 'scope', params: {}, left_out: [] }
      ])
      assert.ok(!JSON.stringify(calls).includes(CODE))
      assert.ok(calls.every(row => row.client === '127.0.0.1' && row.request_id && row.credential > 0))
      assert.deepEqual((await control(`calls?after=${calls[0].id}&method=crm.activity.get`)).map(row => row.id), [
        calls[2].id
      ])
      assert.deepEqual(await control('calls/clear', {}), { cleared: 3 })
      assert.deepEqual(await control('calls'), [])
    })
    // All that can be read, as text; what tells when it was made is the same on a clock that stands.
    const everything = async () => {
      const parts = []
      for (const entity of ['activity', 'lead', 'deal', 'contact', 'company', 'status']) {
        for (let start = 0; start !== undefined; ) {
          const { json } = await server.call(`crm.${entity}.list`, { start, order: { ID: 'ASC' }, select: ['*', 'PHONE', 'EMAIL'] })
          parts.push(...json.result)
          start = json.next
        }
      }
      parts.push(...(await server.result('user.get', {})))
      return parts.map(part => JSON.stringify(part))
    }

    test('a reset brings the demo back, and its ids', async () => {
      await control('clock/freeze', { at: '2030-06-15T12:00:00+03:00' })
      await control('reset', { to: 'demo' })
      const demo = await everything()
      assert.equal(demo.length > 600, true)
      const next = await server.result('crm.activity.add', activity())
      await server.result('crm.activity.update', { id: 1, fields: { SUBJECT: 'Изменено' } })
      await server.result('crm.activity.delete', { id: 2 })
      await server.result('crm.lead.add', { fields: { TITLE: 'New', PHONE: [{ VALUE: '+1' }] } })
      await server.result('crm.company.delete', { id: 3 })
      await server.result('crm.contact.update', { id: 4, fields: { NAME: 'Zoe' } })
      assert.notDeepEqual(await everything(), demo)
      assert.equal((await control('reset', { to: 'demo' })).to, 'demo')
      assert.deepEqual(await everything(), demo)
      assert.equal(await server.result('crm.activity.add', activity()), next)
      // The search index came back, too.
      const found = async text =>
        (await server.call('crm.activity.list', { filter: { '%SUBJECT': text } })).json.total
      assert.equal(await found('Изменено'), 0)
      await control('reset', { to: 'demo' })
    })

    test('and an empty portal, and the demo again', async () => {
      await control('clock/freeze', { at: '2030-06-15T12:00:00+03:00' })
      await control('reset', { to: 'demo' })
      const demo = await everything()
      await control('reset', { to: 'empty' })
      for (const entity of ['activity', 'lead', 'deal', 'contact', 'company'])
        assert.equal((await server.call(`crm.${entity}.list`)).json.total, 0, entity)
      assert.deepEqual((await server.result('user.get', {})).map(row => row.ID), ['1'])
      assert.equal(await server.result('crm.lead.add', { fields: { TITLE: 'First' } }), 1)
      await control('reset', { to: 'demo' })
      assert.deepEqual(await everything(), demo)
    })

    test('who signs in stays able to', async () => {
      const command = (...args) => {
        const run = rapport(...args, '--data', server.dir, '--json')
        assert.equal(run.code, 0, run.err)
        return JSON.parse(run.out)
      }
      const user = command('user', 'add', '--login', 'keeper', '--admin')
      const own = command('webhook', 'add', '--user', String(user.id))
      await control('reset', { to: 'demo' })
      assert.equal((await ask('reset', { to: 'demo' }, { code: own.code })).status, 200)
      const profile = await fetch(`${own.url}profile`).then(answer => answer.json())
      assert.equal(profile.result.ID, String(user.id))
      // The next user gets an id of his own.
      assert.ok(command('user', 'add', '--login', 'after').id > user.id)
      command('webhook', 'revoke', '--id', String(own.id))
      await control('reset', { to: 'demo' })
      assert.equal((await server.result('user.get', {})).length, 8)
    })

    test('outgoing webhooks stay, and events go on after a reset', { timeout: 60_000 }, async () => {
      const heard = []
      let wake = () => {}
      const receiver = await listen(async (request, answer) => {
        heard.push(new URLSearchParams(Buffer.concat(await request.toArray()).toString()))
        answer.end()
        wake()
      })
      const hears = async count => {
        while (heard.length < count) await new Promise(resolve => (wake = resolve))
        return heard.slice(0, count).map(body => body.get('data[FIELDS][ID]'))
      }
      await control('reset', { to: 'demo' })
      const run = rapport('hook', 'out', 'add', '--handler', receiver.url,
        '--event', 'ONCRMLEADADD', '--data', server.dir)
      assert.equal(run.code, 0, run.err)
      const add = () => server.result('crm.lead.add', { fields: { TITLE: 'Heard' } })
      const ids = []
      for (let i = 1; i <= 3; i++) {
        ids.push(String(await add()))
        assert.deepEqual(await hears(i), ids)
        await control('reset', { to: 'demo' })
      }
      assert.equal(new Set(ids).size, 1, 'the ids of leads begin anew each time')
      await receiver.close()
    })

    test('with hooks=1 outgoing webhooks go, and with them what they wait for', async () => {
      const add = () =>
        JSON.parse(
          rapport('hook', 'out', 'add', '--handler', 'http://127.0.0.1:9/none', '--event', 'ONCRMACTIVITYADD', '--data', server.dir, '--json').out
        )
      const list = () => JSON.parse(rapport('hook', 'out', 'list', '--data', server.dir, '--json').out)
      const before = list().length
      add()
      await control('reset', { to: 'demo', hooks: 0 })
      assert.equal(list().length, before + 1)
      await control('reset', { to: 'demo', hooks: 1 })
      assert.deepEqual(list(), [])
      assert.deepEqual(JSON.parse(rapport('events', '--data', server.dir, '--json').out), [])
      assert.equal((await server.result('profile')).ID, '1')
      const { status, json } = await ask('reset', { to: 'demo', hooks: 'perhaps' })
      assert.deepEqual([status, json.error], [400, 'INVALID_ARG_VALUE'])
    })

    test('a parameter that there is not is refused, and nothing is done', async () => {
      for (const [path, params, takes] of [
        ['faults', { error: 'OVERLOAD_LIMIT', cuont: 1 }, 'method,error,kind,text,status,count,every,delay,credential'],
        ['faults/clear', { ids: 1 }, 'id'],
        ['clock/freeze', { to: '2030-01-01' }, 'at'],
        ['clock/move', { by: '1h', and: '1m' }, 'by'],
        ['clock/resume', { now: 1 }, ''],
        ['calls/clear', { method: 'profile' }, ''],
        ['reset', { to: 'empty', hook: 1 }, 'to,hooks']
      ]) {
        const wrong = Object.keys(params).find(name => !takes.split(',').includes(name))
        const { status, json } = await ask(path, params)
        assert.deepEqual([status, json.error], [400, 'INVALID_ARG_VALUE'], path)
        assert.match(json.error_description, new RegExp(`^There is no parameter ${wrong}; ${takes ? `there are ${takes}` : 'there is none here'}$`))
      }
      assert.equal((await ask('calls?aftr=1')).status, 400)
      assert.equal((await ask('calls?After=1')).status, 200) // names of parameters have any case
      assert.deepEqual(await control('faults'), [])
      assert.equal((await control('clock')).frozen, false)
    })

    // Twelve attempts take more than eight minutes by the system's time.
    test('the pauses of event retries follow the clock', { timeout: 60_000 }, async () => {
      const failures = 11
      let count = 0
      let wake = () => {}
      const receiver = await listen((request, response) => {
        response.writeHead(count++ < failures ? 503 : 200).end()
        wake()
      })
      await control('clock/freeze', {})
      const { code } = rapport('hook', 'out', 'add', '--handler', receiver.url,
        '--event', 'ONCRMACTIVITYADD', '--data', server.dir)
      assert.equal(code, 0)
      await server.result('crm.activity.add', activity())
      while (count <= failures) {
        // A move may come before the failure is noted, and its pause then begins behind it: once more.
        await new Promise(resolve => {
          const timer = setTimeout(resolve, 500)
          wake = () => resolve(clearTimeout(timer))
        })
        await control('clock/move', { by: '301s' })
      }
      await control('reset', { to: 'demo', hooks: 1 })
      await receiver.close()
    })

    test('what cannot be reset to is refused', async () => {
      for (const params of [{}, { to: 'x' }, { to: ['demo'] }]) assert.equal((await ask('reset', params)).status, 400)
      assert.equal((await ask('reset')).status, 405)
    })

    test('a reset empties the buckets', async () => {
      await control('clock/freeze', {})
      await control('clock/move', { by: '10m' })
      const fill = async () => {
        for (let i = 0; ; i++) if ((await server.call('server.time')).status !== 200) return i
      }
      assert.equal(await fill(), 51)
      await control('reset', { to: 'demo' })
      assert.equal(await fill(), 51)
    })
  })
}

for (const store of stores) {
  test(`a reset is seen at once, under load, and takes milliseconds, on ${store.name}`, async () => {
    const server = await Server.start({ store, args: ['--control'] })
    const control = async (path, params) => {
      const answer = await fetch(`${server.url}_rapport/${path}?auth=${CODE}`, {
        method: 'POST',
        body: new URLSearchParams(params)
      })
      return answer.json()
    }
    await control('reset', { to: 'demo' })
    let stop = false
    const errors = []
    const busy = Array.from({ length: 4 }, async (_, i) => {
      while (!stop) {
        const answer = await server.call('crm.activity.update', {
          id: 10 + i,
          fields: { SUBJECT: `Load ${Math.random()}` }
        })
        if (answer.status !== 200) errors.push(answer.json)
      }
    })
    const times = []
    for (let i = 0; i < 10; i++) {
      const id = await server.result('crm.lead.add', { fields: { TITLE: 'Gone' } })
      times.push((await control('reset', { to: 'demo' })).seconds)
      assert.equal((await server.call('crm.lead.get', { id })).status, 400)
    }
    stop = true
    await Promise.all(busy)
    assert.deepEqual(errors, [])
    await server.stop()
    times.sort((a, b) => a - b)
    assert.ok(times[0] < 0.5, `${times}`) // a loaded machine with sanitizers has that, too
  })
}

test('without --control there is no control API', async () => {
  const server = await Server.start({})
  const answer = await fetch(`${server.url}_rapport/clock`, { headers: { Authorization: `Bearer ${CODE}` } })
  assert.equal(answer.status, 404)
  await server.stop()
})
