// /console/stream: what changes is told at once, to who may read it, and to nobody else.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { Server, rapport, stores } from './lib/server.mjs'

// Reads events; `next(name)` waits for the next one of that name.
class Stream {
  #events = []
  #waiting = []
  ended = false

  static async open(server, token, query = '') {
    const stream = new Stream()
    stream.abort = new AbortController()
    const answer = await fetch(`${server.url}console/stream${query}`, {
      headers: { Authorization: `Bearer ${token}` }, signal: stream.abort.signal
    })
    stream.status = answer.status
    stream.type = answer.headers.get('content-type')
    if (answer.status !== 200) stream.json = await answer.json()
    else stream.over = stream.#read(answer.body.pipeThrough(new TextDecoderStream()))
    return stream
  }

  async #read(body) {
    let text = ''
    try {
      for await (const part of body) {
        text += part
        for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) this.#take(text.slice(0, end))
      }
    } catch {
      // aborted
    }
    this.ended = true
    for (const { resolve } of this.#waiting.splice(0)) resolve(null)
  }

  #take(lines) {
    const name = /^event: (.*)$/m.exec(lines)?.[1]
    if (!name) return
    const event = { name, ...JSON.parse(/^data: (.*)$/m.exec(lines)[1]) }
    const at = this.#waiting.findIndex(one => one.name === name)
    if (at >= 0) this.#waiting.splice(at, 1)[0].resolve(event)
    else this.#events.push(event)
  }

  next(name) {
    const at = this.#events.findIndex(event => event.name === name)
    if (at >= 0) return this.#events.splice(at, 1)[0]
    if (this.ended) return null
    return new Promise(resolve => this.#waiting.push({ name, resolve }))
  }
}

for (const store of stores) {
  describe(`the stream on ${store.name}`, () => {
    let server
    const jars = {}
    const ask = async (body, cookie) => {
      const answer = await fetch(`${server.url}console/session`, {
        method: 'POST', headers: { 'Content-Type': 'application/json', ...(cookie ? { Cookie: cookie } : {}) }, body: JSON.stringify(body)
      })
      return { json: await answer.json(), cookie: answer.headers.get('set-cookie')?.split(';')[0] }
    }
    const signIn = async user => {
      const told = rapport('console', '--user', `${user}`, '--data', server.dir)
      const code = told.out.split('#signin=')[1].trim()
      const { json, cookie } = await ask({ action: 'link', code })
      jars[user] = cookie
      return json.token
    }

    before(async () => {
      server = await Server.start({ store, args: ['--control'] })
    })
    after(() => server.stop())

    test('a change is told with its type and id, when it is on disk', async () => {
      const stream = await Stream.open(server, await signIn(1))
      assert.deepEqual([stream.status, stream.type], [200, 'text/event-stream'])
      await stream.next('ready')
      const id = await server.result('crm.lead.add', { fields: { TITLE: 'Told' } })
      assert.deepEqual(await stream.next('change'), { name: 'change', entityTypeId: 1, entity: 'lead', id, kind: 'add' })
      await server.result('crm.deal.update', { id: 1, fields: { TITLE: 'Other' } })
      assert.deepEqual(await stream.next('change'), { name: 'change', entityTypeId: 2, entity: 'deal', id: 1, kind: 'update' })
      await server.result('crm.lead.delete', { id })
      assert.deepEqual(await stream.next('change'), { name: 'change', entityTypeId: 1, entity: 'lead', id, kind: 'delete' })
      // What is refused told nothing: the next one heard is the next that was kept.
      assert.equal((await server.call('crm.deal.update', { id: 1, fields: { CURRENCY_ID: 'ZZZ' } })).status, 400)
      await server.result('crm.activity.update', { id: 999, fields: { SUBJECT: 'Anew' } })
      assert.deepEqual(await stream.next('change'), { name: 'change', entityTypeId: 6, entity: 'activity', id: 999, kind: 'update' })
      stream.abort.abort()
      await stream.over
    })

    test('who is told and looks at once finds it', async () => {
      const stream = await Stream.open(server, await signIn(1))
      await stream.next('ready')
      for (let i = 0; i < 200; i++) {
        const told = stream.next('change')
        const done = server.result('crm.deal.update', { id: 2, fields: { TITLE: `Title ${i}` } })
        await told
        assert.equal((await server.result('crm.deal.get', { id: 2 })).TITLE, `Title ${i}`)
        await done
      }
      stream.abort.abort()
      await stream.over
    })

    test('calls, as they come, to an administrator who asks', async () => {
      const stream = await Stream.open(server, await signIn(1), '?calls=1')
      await stream.next('ready')
      await server.result('crm.deal.get', { id: 1 })
      const methods = []
      while (!methods.includes('crm.deal.get')) {
        const { id } = await stream.next('call')
        const calls = await (await fetch(`${server.url}_rapport/calls?console=1&auth=wiretestcode1234&after=${id - 1}`)).json()
        methods.push(calls.find(call => call.id === id).method)
      }
      assert.ok(methods.length < 5)
      stream.abort.abort()
      await stream.over
    })

    test('who may not read a row is not told of it', async () => {
      const role = (...args) => {
        const done = rapport('role', ...args, '--json', '--data', server.dir)
        assert.equal(done.code, 0, done.err)
        return done.out && JSON.parse(done.out)
      }
      const { id: leads } = role('add', '--name', 'Leads')
      role('set', '--id', `${leads}`, '--type', 'lead', '--action', 'read', '--level', 'all')
      role('unassign', '--id', '1', '--everybody')
      role('assign', '--id', `${leads}`, '--user', '5')
      const stream = await Stream.open(server, await signIn(5))
      await stream.next('ready')
      await server.result('crm.deal.update', { id: 1, fields: { TITLE: 'Unseen' } })
      const id = await server.result('crm.lead.add', { fields: { TITLE: 'Seen' } })
      assert.deepEqual(await stream.next('change'), { name: 'change', entityTypeId: 1, entity: 'lead', id, kind: 'add' })
      stream.abort.abort()
      await stream.over
      role('assign', '--id', '1', '--everybody')
    })

    test('it ends when one signs out, and when one is dismissed', async () => {
      const other = await Stream.open(server, await signIn(2))
      const token = await signIn(2)
      const out = await Stream.open(server, token)
      await Promise.all([out.next('ready'), other.next('ready')])
      await ask({ action: 'signout' }, jars[2])
      // At once: what was believed of the token is not believed any more.
      assert.equal((await Stream.open(server, token)).status, 401)
      await out.over
      assert.equal(out.ended, true)
      // The other browser's goes on.
      assert.equal(other.ended, false)
      await server.result('crm.deal.update', { id: 1, fields: { TITLE: 'Still' } })
      assert.equal((await other.next('change')).id, 1)
      other.abort.abort()
      const gone = await Stream.open(server, await signIn(3))
      await gone.next('ready')
      await server.result('user.update', { ID: 3, ACTIVE: 'N' })
      await gone.over
      assert.equal(gone.ended, true)
    })

    test('not with another credential; not without end', async () => {
      assert.equal((await Stream.open(server, 'wiretestcode1234')).status, 403)
      assert.equal((await fetch(`${server.url}console/stream`)).status, 401)
      const token = await signIn(1)
      const streams = []
      for (let i = 0; i < 17; i++) streams.push(await Stream.open(server, token))
      assert.deepEqual(new Set(streams.map(stream => stream.status)), new Set([200]))
      await streams[0].over
      assert.equal(streams[0].ended, true)
      assert.equal(streams.at(-1).ended, false)
      for (const stream of streams) stream.abort.abort()
    })

    test('what is done for nothing is told to nobody: a dry run, a command that is refused at its end', async () => {
      const stream = await Stream.open(server, await signIn(1))
      await stream.next('ready')
      const dry = await fetch(`${server.url}mcp`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream', Authorization: 'Bearer wiretestcode1234' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'write', arguments: { method: 'crm.deal.update', params: { id: 2, fields: { TITLE: 'Dry' } }, dryRun: true } } })
      })
      assert.match(await dry.text(), /would_tell/)
      await server.result('crm.deal.update', { id: 3, fields: { TITLE: 'Wet' } })
      assert.equal((await stream.next('change')).id, 3)
      stream.abort.abort()
    })

    test('a stop does not wait for it', async () => {
      const own = await Server.start({ demo: true })
      const link = rapport('console', '--data', own.dir).out.split('#signin=')[1].trim()
      const answer = await fetch(`${own.url}console/session`, {
        method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ action: 'link', code: link })
      })
      const stream = await Stream.open(own, (await answer.json()).token)
      await stream.next('ready')
      const began = Date.now()
      await own.stop()
      assert.ok(Date.now() - began < 5000)
      await stream.over
      assert.equal(stream.ended, true)
    })
  })
}
