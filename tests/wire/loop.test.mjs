// Events that come back: handlers that are the server itself, directly or behind a proxy, and a handler
// that changes what it hears of.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { listen } from './lib/listen.mjs'
import { Server, rapport, stores } from './lib/server.mjs'

after(() => Server.killAll())

for (const store of stores) {
  describe(`loops on ${store.name}`, () => {
    let server
    const run = (...args) => {
      const done = rapport(...args, '--data', server.dir, '--json')
      assert.equal(done.code, 0, done.err)
      return JSON.parse(done.out)
    }
    const hook = (handler, event) => run('hook', 'out', 'add', '--handler', handler, '--event', event)
    const rest = () => ({ base: `${server.url}rest/` })
    const add = () => server.result('crm.lead.add', { fields: { TITLE: 'Loop' } })
    const leads = async () => (await server.call('crm.lead.list', { select: ['ID'] })).json.total
    // Of a handler, once nothing waits for it.
    const ended = async handler => {
      for (;;) {
        const [one] = run('events').filter(each => each.handler === handler)
        if (one.waiting === 0) return one
        await sleep(20) // the handler lives in this process
      }
    }

    before(async () => {
      server = await Server.start({ store, args: ['--log', 'error'] })
    })
    after(() => server.stop())

    test('nothing is sent to the server itself', async () => {
      const own = `${server.webhook}crm.lead.add?fields[TITLE]=Again`
      const refused = rapport('hook', 'out', 'add', '--handler', own, '--event', 'ONCRMLEADADD', '--data', server.dir)
      assert.deepEqual([refused.code, refused.err], [2, "rapport: hook out add: the handler is this server's own address\n"])
      const handler = own.replace('127.0.0.1', 'localhost')
      const { id } = hook(handler, 'ONCRMLEADADD')
      const before = await leads()
      await add()
      const { given_up, last_error } = await ended(handler)
      assert.deepEqual([given_up, last_error], [1, "the address is this server's own"])
      assert.equal(await leads(), before + 1)
      run('hook', 'out', 'remove', '--id', String(id))
    })

    test('what comes back through a proxy is refused, and given up at once', async () => {
      let calls = 0
      const { url: proxy } = await listen((request, answer) => {
        calls++
        const { host, ...headers } = request.headers
        const on = http.request(server.url.slice(0, -1) + request.url, { method: request.method, headers }, its => {
          answer.writeHead(its.statusCode, its.headers)
          its.pipe(answer)
        })
        request.pipe(on)
      })
      const handler = `${proxy}${server.webhook.slice(server.url.length)}crm.lead.add?fields[TITLE]=Again`
      const { id } = hook(handler, 'ONCRMLEADADD')
      const before = await leads()
      await add()
      const { given_up, last_error } = await ended(handler)
      assert.deepEqual([given_up, last_error, calls], [1, "the address is this server's own", 1])
      assert.equal(await leads(), before + 1)
      run('hook', 'out', 'remove', '--id', String(id))
    })

    test('an application cannot bind the server itself', async () => {
      const app = run('app', 'add', '--name', 'Own')
      const auth = run('token', 'issue', '--app', String(app.id)).access_token
      for (const handler of [`${server.url}rest/profile`, `http://localhost:${server.port}/`]) {
        const { status, json } = await server.call('event.bind', { auth, event: 'ONCRMLEADADD', handler }, rest())
        assert.deepEqual(
          [status, json.error_description],
          [400, "Unable to set event handler: the handler is this server's own address"]
        )
      }
    })

    test('a handler that answers each event by a change is slowed down, and loses nothing', async () => {
      const answered = [] // when the handler heard of each event,
      const changed = [] // and when it was about to answer by a change
      let answering = true
      const { url: handler } = await listen((request, answer) => {
        let body = ''
        request.on('data', part => (body += part))
        request.on('end', async () => {
          const event = new URLSearchParams(body)
          answered.push(Date.now())
          if (answering) {
            changed.push(Date.now())
            const auth = event.get('auth[access_token]')
            const id = event.get('data[FIELDS][ID]')
            await server.result('crm.lead.update', { auth, id, fields: { COMMENTS: `${answered.length}` } }, rest())
          }
          answer.end()
        })
      })
      const app = run('app', 'add', '--name', 'Loop')
      const auth = run('token', 'issue', '--app', String(app.id)).access_token
      await server.result('event.bind', { auth, event: 'ONCRMLEADUPDATE', handler }, rest())
      await server.result('crm.lead.update', { id: 7, fields: { COMMENTS: 'begin' } })
      // The first links come as fast as they can, then each later than the one before.
      while (answered.length < 15) await new Promise(resolve => setImmediate(resolve))
      const pauses = answered.slice(11).map((at, i) => at - changed[10 + i])
      assert.ok(pauses.every((pause, i) => pause >= 90 * 2 ** i), `${pauses}`)
      answering = false
      assert.deepEqual([(await ended(handler)).given_up], [0])
      assert.equal(answered.length, 16)
      // A change that answers nothing is told at once: the next link would wait for more than six seconds.
      const from = Date.now()
      await server.result('crm.lead.update', { id: 7, fields: { COMMENTS: 'end' } })
      while (answered.length < 17) await new Promise(resolve => setImmediate(resolve))
      assert.ok(answered[16] - from < 5000)
    })
  })
}
