// Events that come back: handlers that are the server itself, directly or behind a proxy, and a handler
// that changes what it hears of.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { listen } from './lib/listen.mjs'
import { CODE, Server, rapport, stores } from './lib/server.mjs'

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
      server = await Server.start({ store, args: ['--log', 'error', '--control'] })
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

    // On a clock that the test moves: what is not due has not come when an event of another handler, told later, has.
    test('a handler that answers each event by a change is slowed down, and loses nothing', async () => {
      const control = (action, body) => fetch(`${server.url}_rapport/clock/${action}`, { method: 'POST', headers: { Authorization: `Bearer ${CODE}`, 'Content-Type': 'application/json' }, body: JSON.stringify(body ?? {}) }).then(answer => assert.equal(answer.status, 200))
      let answered = 0, beside = 0, answering = true
      const { url: handler } = await listen((request, answer) => {
        let body = ''
        request.on('data', part => (body += part))
        request.on('end', async () => {
          const event = new URLSearchParams(body)
          answered++
          const auth = event.get('auth[access_token]')
          const id = event.get('data[FIELDS][ID]')
          if (answering) await server.result('crm.lead.update', { auth, id, fields: { COMMENTS: `${answered}` } }, rest())
          answer.end()
        })
      })
      const { url: bystander } = await listen((request, answer) => {
        request.resume()
        beside++
        answer.end()
      })
      const until = async met => {
        while (!met()) await new Promise(resolve => setImmediate(resolve))
      }
      const another = async () => {
        const before = beside
        await server.result('crm.company.add', { fields: { TITLE: 'Beside' } })
        await until(() => beside > before)
      }
      const app = run('app', 'add', '--name', 'Loop')
      const auth = run('token', 'issue', '--app', String(app.id)).access_token
      await server.result('event.bind', { auth, event: 'ONCRMLEADUPDATE', handler }, rest())
      hook(bystander, 'ONCRMCOMPANYADD')
      await control('freeze', { at: new Date().toISOString() })
      await server.result('crm.lead.update', { id: 7, fields: { COMMENTS: 'begin' } })
      // The first links come as fast as they can, then each later than the one before.
      await until(() => answered === 11)
      for (const [link, pause] of [0.1, 0.2, 0.4, 0.8, 1.6].entries()) {
        await another()
        assert.equal(answered, 11 + link)
        await control('move', { by: `${Math.round(pause * 1000) - 1}ms` })
        await another()
        assert.equal(answered, 11 + link, `less than ${pause} s after the one before`)
        if (link === 4) answering = false
        await control('move', { by: '2ms' })
        await until(() => answered === 12 + link)
      }
      assert.deepEqual([(await ended(handler)).given_up], [0])
      assert.equal(answered, 16)
      // A change that answers nothing is told at once: the next link would wait.
      await server.result('crm.lead.update', { id: 7, fields: { COMMENTS: 'end' } })
      await until(() => answered === 17)
      await control('resume')
    })
  })
}
