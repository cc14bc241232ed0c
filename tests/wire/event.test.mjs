// Events from the change to the handler: what is sent, in which order, and what survives which failure.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { Server, activity, rapport, stores, tempDir, dropSchemas } from './lib/server.mjs'
import { Receiver } from './lib/receiver.mjs'

after(() => {
  Server.killAll()
  return Receiver.stopAll()
})

const idOf = event => Number(event.data.FIELDS.ID)

for (const store of stores) {
  describe(`events on ${store.name}`, () => {
    let server
    const receivers = []
    const receive = async (...args) => {
      const receiver = await Receiver.start(...args)
      receivers.push(receiver)
      return receiver
    }
    const run = (...args) => {
      const done = rapport(...args, '--data', server.dir, '--json')
      assert.equal(done.code, 0, done.err)
      return JSON.parse(done.out)
    }
    const rest = () => ({ base: `${server.url}rest/` })
    const update = (id, fields) => server.result('crm.activity.update', { id, fields })
    const addHook = (receiver, event, ...args) => run('hook', 'out', 'add', '--handler', receiver.url, '--event', event, ...args)
    const waiting = () => run('events').reduce((sum, one) => sum + one.waiting, 0)

    before(async () => {
      server = await Server.start({ store, args: ['--event-attempts', '3'] })
    })
    after(async () => {
      await server.stop()
      await Promise.all(receivers.map(one => one.stop()))
    })

    test('an outgoing webhook gets the documented keys and no token', async () => {
      const receiver = await receive()
      const hook = addHook(receiver, 'onCrmActivityUpdate')
      await update(5, { LOCATION: 'Here' })
      const [event] = await receiver.count(1)
      assert.equal(event.method, 'POST')
      assert.equal(event.headers['content-type'], 'application/x-www-form-urlencoded')
      assert.equal(event.event, 'ONCRMACTIVITYUPDATE')
      assert.deepEqual(event.data, { FIELDS: { ID: '5' } })
      assert.match(event.event_handler_id, /^\d+$/)
      assert.ok(Math.abs(Number(event.ts) - Date.now() / 1000) < 60)
      assert.deepEqual(Object.keys(event.auth).sort(), ['application_token', 'client_endpoint', 'domain', 'member_id', 'server_endpoint'])
      assert.equal(event.auth.application_token, hook.application_token)
      assert.equal(event.auth.client_endpoint, `${server.url}rest/`)
      const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(event.headers['x-rapport-signature'])
      assert.equal(v1, createHmac('sha256', hook.application_token).update(`${t}.${event.body}`).digest('hex'))
      run('hook', 'out', 'remove', '--id', String(hook.id))
      await update(5, { LOCATION: 'There' })
      assert.equal(waiting(), 0)
    })

    test('installing posts ONAPPINSTALL; its tokens work and can be refreshed', async () => {
      const receiver = await receive()
      const app = run('app', 'add', '--name', 'Installed', '--install-url', receiver.url, '--server-side')
      const [event] = await receiver.count(1)
      assert.equal(event.event, 'ONAPPINSTALL')
      assert.deepEqual(event.data, { VERSION: '1', ACTIVE: 'Y', INSTALLED: 'Y', LANGUAGE_ID: 'en' })
      assert.equal(event.auth.application_token, app.application_token)
      assert.deepEqual([event.auth.status, event.auth.scope, event.auth.user_id], ['L', 'crm,user', '1'])
      const profile = await server.result('profile', { auth: event.auth.access_token }, rest())
      assert.equal(profile.ID, '1')
      const query = new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: app.client_id,
        client_secret: app.client_secret,
        refresh_token: event.auth.refresh_token
      })
      const answer = await fetch(`${server.url}oauth/token/?${query}`)
      assert.equal(answer.status, 200)
      run('app', 'reinstall', '--id', String(app.id))
      await receiver.count(2)
      const bound = await server.call('event.bind', { auth: event.auth.access_token, event: 'ONAPPUNINSTALL', handler: receiver.url }, rest())
      assert.equal(bound.json.result, true)
      run('app', 'revoke', '--id', String(app.id))
      const events = await receiver.count(3)
      assert.equal(events[2].event, 'ONAPPUNINSTALL')
      assert.deepEqual(events[2].data, { LANGUAGE_ID: 'en', CLEAN: '1' })
      assert.equal(events[2].auth.application_token, app.application_token)
      assert.equal(events[2].auth.access_token, undefined)
    })

    test('an application gets a token of who made the change, or of auth_type', async () => {
      const receiver = await receive(), other = await receive()
      const app = run('app', 'add', '--name', 'Listener')
      const tokens = [1, 2].map(user => run('token', 'issue', '--app', String(app.id), '--user', String(user)).access_token)
      for (const params of [{ handler: receiver.url }, { handler: other.url, auth_type: 2 }]) {
        await server.result('event.bind', { auth: tokens[0], event: 'ONCRMLEADUPDATE', ...params }, rest())
      }
      for (const auth of tokens) await server.result('crm.lead.update', { auth, id: 7, fields: { COMMENTS: auth } }, rest())
      const events = await receiver.count(2)
      assert.deepEqual(events.map(one => one.auth.user_id), ['1', '2'])
      assert.deepEqual((await other.count(2)).map(one => one.auth.user_id), ['2', '2'])
      for (const { auth } of events) {
        const who = await server.result('user.current', { auth: auth.access_token }, rest())
        assert.equal(who.ID, auth.user_id)
        assert.equal(auth.refresh_token, undefined)
        assert.ok(Number(auth.expires_in) > 1000)
      }
      await server.result('event.bind', { auth: tokens[0], event: 'ONAPPTEST', handler: receiver.url }, rest())
      const long = await server.call('event.test', { auth: tokens[0], any: 'x'.repeat(300000) }, rest())
      assert.deepEqual([long.status, long.json.error], [400, 'INVALID_ARG_VALUE'])
      await server.result('event.test', { access_token: tokens[0], Auth: 'kept from others', any: 'data', deep: { a: ['ü&='] } }, rest())
      const tested = await receiver.count(3)
      assert.deepEqual(tested[2].data, { QUERY: { any: 'data', deep: { a: { 0: 'ü&=' } } } })
      await server.result('event.unbind', { auth: tokens[0] }, rest())
    })

    test('a new user is told with what he is', async () => {
      const receiver = await receive()
      const hook = addHook(receiver, 'ONUSERADD')
      const person = { EMAIL: 'neu@example.org', NAME: 'Jörg & Söhne', PERSONAL_BIRTHDAY: '1990-05-01', UF_DEPARTMENT: [1, 2] }
      const id = await server.result('user.add', person)
      const [{ data }] = await receiver.count(1)
      assert.match(data.DATE_REGISTER, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/)
      assert.deepEqual(
        [data.ID, data.ACTIVE, data.EMAIL, data.NAME, data.PERSONAL_BIRTHDAY, data.UF_DEPARTMENT],
        [String(id), 'Y', person.EMAIL, person.NAME, '1990-05-01', { 0: '1', 1: '2' }]
      )
      run('hook', 'out', 'remove', '--id', String(hook.id))
    })

    test('onOfflineEvent tells once that the queue has something', async () => {
      const receiver = await receive()
      const app = run('app', 'add', '--name', 'Offline')
      const auth = run('token', 'issue', '--app', String(app.id)).access_token
      await server.result('event.bind', { auth, event: 'ONCRMDEALUPDATE', event_type: 'offline' }, rest())
      await server.result('event.bind', { auth, event: 'ONOFFLINEEVENT', handler: receiver.url, options: { minTimeout: 3600 } }, rest())
      for (const id of [1, 2, 3]) await server.result('crm.deal.update', { id, fields: { COMMENTS: 'x' } })
      const [event] = await receiver.count(1)
      assert.equal(event.event, 'ONOFFLINEEVENT')
      assert.equal(event.data, undefined)
      assert.ok(event.auth.refresh_token)
      // Two readers at once share the queue out between them.
      const taken = await Promise.all([1, 2].map(() => server.result('event.offline.get', { auth, limit: 2, clear: 0 }, rest())))
      const ids = taken.flatMap(one => one.events.map(row => row.EVENT_DATA.FIELDS.ID))
      assert.deepEqual(ids.sort(), ['1', '2', '3'])
      assert.notEqual(taken[0].process_id, taken[1].process_id)
      for (const { process_id } of taken) await server.result('event.offline.clear', { auth, process_id }, rest())
      assert.deepEqual(await server.result('event.offline.list', { auth }, rest()), [])
      assert.equal(receiver.events.length, 1)
      await server.result('event.unbind', { auth, event_type: 'offline' }, rest())
      await server.result('event.unbind', { auth }, rest())
    })

    test('events of one address keep their order, over failures too; a slow one holds up nobody', async () => {
      let failures = 3, release
      const held = new Promise(resolve => (release = resolve))
      const steady = await receive((event, index) => (index % 5 === 2 && failures-- > 0 ? [503, 'cut', 500][failures] : 200))
      const slow = await receive(() => held.then(() => 200))
      const fast = await receive()
      const hooks = [steady, slow, fast].map(one => addHook(one, 'ONCRMACTIVITYADD,ONCRMACTIVITYUPDATE,ONCRMACTIVITYDELETE'))
      const expected = []
      for (let i = 0; i < 10; i++) {
        const id = await server.result('crm.activity.add', activity({ SUBJECT: `Event ${i}` }))
        await update(id, { LOCATION: 'x' })
        await server.result('crm.activity.delete', { id })
        for (const what of ['ADD', 'UPDATE', 'DELETE']) expected.push(`ONCRMACTIVITY${what} ${id}`)
      }
      const told = events => events.map(one => `${one.event} ${idOf(one)}`)
      assert.deepEqual(told(await fast.count(30)), expected)
      await steady.until(events => events.filter(one => one.status === 200).length === 30)
      assert.deepEqual(told(steady.events.filter(one => one.status === 200)), expected)
      assert.equal(steady.events.length, 33)
      assert.equal(slow.events.length, 1)
      release()
      assert.deepEqual(told(await slow.count(30)), expected)
      for (const hook of hooks) run('hook', 'out', 'remove', '--id', String(hook.id))
    })

    test('what a handler refuses is given up, shown, and can be sent again', async () => {
      let refuse = true
      const receiver = await receive((event, index) => (refuse && idOf(event) === 8 ? 422 : 200))
      const hook = addHook(receiver, 'ONCRMACTIVITYUPDATE')
      await update(8, { LOCATION: 'x' })
      await update(9, { LOCATION: 'x' })
      await receiver.until(events => events.some(one => idOf(one) === 9 && one.status === 200), 'event after the refused one')
      assert.equal(receiver.events.filter(one => idOf(one) === 8).length, 3)
      const row = run('events').find(one => one.handler === receiver.url)
      assert.deepEqual([row.given_up, row.last_error], [1, 'HTTP status 422'])
      refuse = false
      assert.deepEqual(run('events', 'retry'), { retried: 1 })
      await receiver.until(events => events.some(one => idOf(one) === 8 && one.status === 200), 'refused event again')
      run('hook', 'out', 'remove', '--id', String(hook.id))
    })

    test('a private network is refused, until it is allowed', async () => {
      const hook = run('hook', 'out', 'add', '--handler', 'http://10.255.255.1:9/', '--event', 'ONCRMACTIVITYUPDATE')
      await update(5, { LOCATION: 'private' })
      const receiver = await receive()
      const local = addHook(receiver, 'ONCRMACTIVITYUPDATE')
      // The failure is in the store before long: each further event makes the delivery look again.
      let row
      do {
        await update(5, { LOCATION: 'again' })
        await receiver.count(1)
        row = run('events').find(one => one.handler.startsWith('http://10.'))
      } while (!row.last_error)
      assert.match(row.last_error, /private network; rapport serve --private-handlers/)
      for (const one of [hook, local]) run('hook', 'out', 'remove', '--id', String(one.id))
    })
  })

  test(`killed again and again on ${store.name}, server and receiver lose no event`, async () => {
    const dir = tempDir()
    if (store.url) dropSchemas(store.url)
    const seen = []
    let receiver = await Receiver.start(event => (seen.push(idOf(event)), 200))
    const { port } = receiver
    let server = await Server.start({ store, dir, args: ['--demo'] })
    const made = rapport('hook', 'out', 'add', '--handler', receiver.url, '--event', 'ONCRMACTIVITYADD', '--data', dir)
    assert.equal(made.code, 0, made.err)
    const added = []
    const load = async () => {
      for (;;) {
        try {
          added.push(await server.result('crm.activity.add', activity()))
        } catch (error) {
          if (error instanceof TypeError || error.name === 'SyntaxError') return // the server is gone
          throw error
        }
      }
    }
    for (let round = 0; round < 4; round++) {
      const before = added.length
      const running = [load(), load(), load()]
      await receiver.until(() => seen.length > 0 && added.length >= before + 30, 'load')
      if (round % 2) {
        await receiver.stop()
        receiver = await Receiver.start(event => (seen.push(idOf(event)), 200), port)
        await receiver.count(1)
      }
      server.kill('SIGKILL')
      await server.exited
      await Promise.all(running)
      server = await Server.start({ store, dir })
    }
    const all = new Set(added)
    await receiver.until(() => added.every(id => seen.includes(id)), 'last events')
    const first = [...new Set(seen)]
    const order = first.filter(id => all.has(id))
    assert.deepEqual(order, [...order].sort((a, b) => a - b), 'the first time each came, they came in order')
    await server.stop()
    await receiver.stop()
  })
}
