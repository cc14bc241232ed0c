// Faults on demand: the commands, what the SDK does about them, and what is seen on the socket.
import { after, before, beforeEach, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'
import { AjaxError, ApiVersion, B24Hook } from '@bitrix24/b24jssdk'
import { CODE, Server, activity, rapport, stores, tempDir } from './lib/server.mjs'
import { Raw, request } from './lib/raw.mjs'

// Retries of a 503 wait burst / drain seconds at first; here that is nothing.
const restrictionParams = {
  rateLimit: { burstLimit: 1e6, drainRate: 1e6, adaptiveEnabled: false },
  adaptiveConfig: { enabled: false, thresholdPercent: 100, coefficient: 0, maxDelay: 0 },
  retryDelay: 1,
  maxRetries: 5
}

function hook(url, params = restrictionParams) {
  const b24 = new B24Hook(
    { b24Url: new URL(url).origin, userId: 1, secret: CODE },
    { restrictionParams: params }
  )
  b24.getHttpClient(ApiVersion.v2).ajaxClient.interceptors.request.use(config => {
    config.url = config.url.replace(/^https:/, 'http:')
    return config
  })
  b24.offClientSideWarning()
  return b24
}

// The commands block this process: between two looks its own requests get on.
async function until(holds) {
  for (const began = performance.now(); !holds(); ) {
    assert.ok(performance.now() - began < 10_000)
    await new Promise(setImmediate)
  }
}

for (const store of stores) {
  describe(`faults on ${store.name}`, () => {
    let server
    const fault = (what, ...args) => {
      const run = rapport('fault', what, '--data', server.dir, '--json', ...args)
      assert.equal(run.code, 0, run.err)
      return JSON.parse(run.out)
    }
    const post = (method, params = {}) =>
      request(`/rest/1/${CODE}/${method}`, {
        verb: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(params)
      })
    const raw = async (method, params) => {
      const connection = await Raw.connect(server.port)
      await connection.send(post(method, params))
      return connection
    }
    const subject = async id => (await server.result('crm.activity.get', { id })).SUBJECT
    const rename = (id, text) => ({ id, fields: { SUBJECT: text } })

    before(async () => {
      server = await Server.start({ store })
    })
    beforeEach(() => fault('clear'))
    after(() => server?.stop())

    test('a fault holds from the moment the command has returned', async () => {
      const added = fault('add', '--method', 'crm.activity.update', '--error', 'OVERLOAD_LIMIT', '--count', '2')
      assert.deepEqual([added.error, added.status, added.count, added.hits], ['OVERLOAD_LIMIT', 503, 2, 0])
      for (const status of [503, 503, 200]) {
        const answer = await server.call('crm.activity.update', rename(1, 'Faulty'))
        assert.equal(answer.status, status)
        if (status === 503)
          assert.deepEqual(answer.json, {
            error: 'OVERLOAD_LIMIT',
            error_description: 'REST API is blocked due to overload.'
          })
      }
      assert.equal((await server.call('crm.activity.get', { id: 1 })).status, 200)
      assert.deepEqual(
        fault('list').map(row => [row.id, row.seen, row.hits]),
        [[added.id, 2, 2]]
      )
      assert.deepEqual(fault('clear', '--id', String(added.id)), { cleared: 1 })
      assert.deepEqual(fault('list'), [])
    })

    test('for people too', () => {
      fault('add', '--error', 'QUERY_LIMIT_EXCEEDED', '--every', '5', '--delay', '800ms', '--credential', '7')
      const { code, out } = rapport('fault', 'list', '--data', server.dir)
      assert.equal(code, 0)
      assert.match(out, /\* +error QUERY_LIMIT_EXCEEDED 503, after 0\.8 s, every 5 calls, credential 7, 0 of 0 calls/)
      assert.match(rapport('fault', 'clear', '--data', server.dir).out, /^1 cleared\n$/)
    })

    test('what is wrong ends with 2, an unknown code with the list', () => {
      for (const [args, text] of [
        [['--error', 'NONSENSE'], /There is no error NONSENSE\. There are: .*OPERATION_TIME_LIMIT.*; and METHOD, a method's own/],
        [['--error', 'OVERLOAD_LIMIT', '--method', 'crm.activity.updte'], /no method crm\.activity\.updte/],
        [['--kind', 'explode'], /kind is error, delay, drop/],
        [[], /What is to go wrong/]
      ]) {
        const run = rapport('fault', 'add', '--data', server.dir, ...args)
        assert.deepEqual([run.code, run.out], [2, ''])
        assert.match(run.err, text)
      }
      const nobody = tempDir()
      const run = rapport('fault', 'list', '--data', nobody)
      assert.equal(run.code, 1)
      assert.match(run.err, /none is running/)
    })

    test('the SDK gets through three times 503 by its own retry', async () => {
      fault('add', '--method', 'crm.activity.get', '--error', 'QUERY_LIMIT_EXCEEDED', '--count', '3')
      const response = await hook(server.url).actions.v2.call.make({
        method: 'crm.activity.get',
        params: { id: 1 }
      })
      assert.equal(response.getData().result.ID, '1')
      assert.equal(fault('list')[0].hits, 3)
    })

    test('the SDK gives up when it lasts, and does not retry what cannot pass', async () => {
      const b24 = hook(server.url, { ...restrictionParams, maxRetries: 3 })
      const call = () => b24.actions.v2.call.make({ method: 'crm.activity.get', params: { id: 1 } })
      for (const [code, status, tries] of [
        ['OVERLOAD_LIMIT', 503, 3],
        ['PORTAL_DELETED', 500, 1],
        ['insufficient_scope', 401, 1],
        ['ACCESS_DENIED', 403, 1]
      ]) {
        fault('clear')
        fault('add', '--method', 'crm.activity.get', '--error', code)
        const error = await call().then(() => null, thrown => thrown)
        assert.ok(error instanceof AjaxError, code)
        assert.deepEqual([error.code, error.status], [code, status])
        assert.equal(fault('list')[0].hits, tries, code)
      }
    })

    test('the SDK gets through a dropped connection and a 502 of a proxy', async () => {
      fault('add', '--method', 'crm.activity.get', '--kind', 'drop', '--count', '1')
      fault('add', '--method', 'crm.activity.get', '--kind', 'html', '--count', '1')
      const response = await hook(server.url).actions.v2.call.make({
        method: 'crm.activity.get',
        params: { id: 1 }
      })
      assert.equal(response.getData().result.ID, '1')
      assert.deepEqual(fault('list').map(row => row.hits), [1, 1])
    })

    test('a command of a batch fails alone', async () => {
      fault('add', '--method', 'crm.activity.get', '--error', 'OPERATION_TIME_LIMIT', '--count', '1')
      const result = await server.result('batch', {
        cmd: { a: 'crm.activity.get?id=1', b: 'crm.activity.get?id=1&select[]=ID' }
      })
      assert.equal(result.result_error.a.error, 'OPERATION_TIME_LIMIT')
      assert.equal(result.result.b.ID, '1')
    })

    test('a delay holds back one call and nobody else', async () => {
      fault('add', '--method', 'crm.activity.update', '--delay', '700ms', '--count', '1')
      const began = performance.now()
      let answered = false
      const late = server.call('crm.activity.update', rename(2, 'Late')).then(answer => {
        answered = true
        return answer
      })
      // Until the server has seen it.
      await until(() => fault('list')[0].hits)
      // More calls at once than there are threads that could be blocked.
      await Promise.all(Array.from({ length: 50 }, () => server.result('crm.activity.get', { id: 2 })))
      assert.equal((await late).status, 200)
      assert.ok(answered && performance.now() - began >= 690)
      assert.equal(await subject(2), 'Late')
    })

    test('many delays at once end in their order', async () => {
      fault('add', '--method', 'server.time', '--delay', '120ms', '--count', '10')
      fault('add', '--method', 'server.time', '--delay', '20ms', '--count', '10')
      const answers = await Promise.all(Array.from({ length: 20 }, () => server.call('server.time')))
      assert.deepEqual(new Set(answers.map(answer => answer.status)), new Set([200]))
      assert.deepEqual(fault('list').map(row => row.hits), [10, 10])
    })

    test('drop: nothing is done, no byte comes', async () => {
      fault('add', '--method', 'crm.activity.update', '--kind', 'drop', '--count', '1')
      const connection = await raw('crm.activity.update', rename(3, 'Dropped'))
      assert.equal(await connection.closed(), true)
      assert.notEqual(await subject(3), 'Dropped')
    })

    test('lost: all is done and kept, no byte comes', async () => {
      fault('add', '--method', 'crm.activity.update', '--kind', 'lost', '--count', '1')
      const connection = await raw('crm.activity.update', rename(4, 'Lost'))
      assert.equal(await connection.closed(), true)
      assert.equal(await subject(4), 'Lost')
    })

    test('lost, through a client that tries again: two activities', async () => {
      fault('add', '--method', 'crm.activity.add', '--kind', 'lost', '--count', '1')
      const count = async () =>
        (await server.call('crm.activity.list', { filter: { SUBJECT: 'Twice' }, select: ['ID'] })).json.total
      const response = await hook(server.url).actions.v2.call.make({
        method: 'crm.activity.add',
        params: activity({ SUBJECT: 'Twice' })
      })
      assert.ok(response.getData().result > 0)
      assert.equal(await count(), 2)
    })

    test('html: the page of a proxy, nothing is done', async () => {
      fault('add', '--method', 'crm.activity.update', '--kind', 'html', '--count', '1')
      const connection = await raw('crm.activity.update', rename(5, 'Proxy'))
      const answer = await connection.answer()
      assert.deepEqual([answer.status, answer.headers['content-type']], [502, 'text/html'])
      assert.match(answer.text, /^<html>[^]*502 Bad Gateway[^]*<\/html>/)
      await connection.send(post('crm.activity.get', { id: 5 }))
      const next = await connection.answer()
      assert.deepEqual([next.status, next.json.result.SUBJECT !== 'Proxy'], [200, true])
      connection.close()
      // XML has no other page.
      fault('add', '--method', 'crm.activity.get', '--kind', 'html', '--count', '1')
      const xml = await raw('crm.activity.get.xml', { id: 5 })
      assert.match((await xml.answer()).text, /^<html>/)
      xml.close()
    })

    test('truncate: the length is told, half of it comes, then the end', async () => {
      fault('add', '--method', 'crm.activity.update', '--kind', 'truncate', '--count', '1')
      const connection = await raw('crm.activity.update', rename(6, 'Cut'))
      await assert.rejects(connection.answer(), /ended inside of an answer/)
      assert.ok(connection.pending > 0)
      assert.equal(await subject(6), 'Cut')
      fault('add', '--method', 'crm.activity.list', '--kind', 'truncate', '--count', '1')
      const list = await raw('crm.activity.list')
      await assert.rejects(list.answer(), /ended inside of an answer/)
      assert.ok(list.pending > 10_000)
    })

    test('drip: byte by byte, and all of it', async () => {
      fault('add', '--method', 'crm.activity.update', '--kind', 'drip', '--count', '1')
      const connection = await raw('crm.activity.update', rename(7, 'Drip'))
      const pieces = connection.pieces
      const answer = await connection.answer()
      assert.deepEqual([answer.status, answer.json.result], [200, true])
      assert.ok(connection.pieces - pieces > answer.body.length / 4, `${connection.pieces} pieces`)
      // The connection is as good as any after it.
      await connection.send(post('crm.activity.get', { id: 7 }))
      assert.equal((await connection.answer()).json.result.SUBJECT, 'Drip')
      connection.close()
    })

    test('clients that go away during a delay or a drip', async () => {
      fault('add', '--method', 'crm.activity.update', '--delay', '150ms', '--count', '20')
      fault('add', '--method', 'crm.activity.list', '--kind', 'drip', '--count', '20')
      for (let i = 0; i < 20; i++) {
        const late = await raw('crm.activity.update', rename(8, `Away ${i}`))
        const drip = await raw('crm.activity.list')
        i % 2 ? late.reset() : late.close()
        if (i % 3) await drip.bytes(1)
        i % 2 ? drip.close() : drip.reset()
      }
      // A reset may overtake the request, so not each of them came.
      assert.ok(fault('list').every(row => row.hits > 5))
      fault('clear')
      assert.equal((await server.call('crm.activity.list')).status, 200)
    })

    test('a stop does not wait for delays and drips', async () => {
      const own = await Server.start({ store: stores[0] })
      const add = (...args) =>
        assert.equal(rapport('fault', 'add', '--data', own.dir, ...args).code, 0)
      add('--method', 'crm.activity.update', '--delay', '4m')
      add('--method', 'crm.activity.list', '--kind', 'drip')
      const late = own.call('crm.activity.update', rename(1, 'Stopped'))
      const drip = own.call('crm.activity.list')
      const hits = () =>
        JSON.parse(rapport('fault', 'list', '--json', '--data', own.dir).out).map(row => row.hits).join()
      await until(() => hits() === '1,1')
      await own.stop()
      assert.equal((await late).status, 200)
      assert.equal((await drip).json.result.length, 50)
    })

    test('a portal closed for maintenance', async () => {
      const portal = what => JSON.parse(rapport('portal', what, '--data', server.dir, '--json').out)
      assert.deepEqual(portal('status'), { closed: false })
      assert.deepEqual(portal('close'), { closed: true })
      const { status, json } = await server.call('crm.activity.get', { id: 1 })
      assert.equal(status, 500)
      assert.deepEqual(json, { error: 'PORTAL_DELETED', error_description: 'Portal was deleted' })
      assert.deepEqual(portal('open'), { closed: false })
      assert.equal((await server.call('crm.activity.get', { id: 1 })).status, 200)
    })
  })
}

describe('the way to the server', () => {
  test('a data directory with a long name, and one whose server was killed', async () => {
    const top = tempDir()
    const dir = join(top, 'd'.repeat(100), 'e'.repeat(100))
    mkdirSync(dir, { recursive: true })
    for (let i = 0; i < 2; i++) {
      const server = await Server.start({ dir, demo: false })
      const run = rapport('fault', 'add', '--error', 'OVERLOAD_LIMIT', '--data', dir)
      assert.equal(run.code, 0, run.err)
      assert.equal((await server.call('server.time')).status, 503)
      assert.equal(statSync(join(dir, 'control.sock')).mode & 0o777, 0o600)
      server.kill('SIGKILL')
      await server.exited
      assert.match(rapport('fault', 'list', '--data', dir).err, /none is running/)
    }
    rmSync(top, { recursive: true })
  })

  test('what is no question is answered, and the next one too', async () => {
    const server = await Server.start({})
    const say = bytes =>
      new Promise((resolve, reject) => {
        const socket = net.connect(join(server.dir, 'control.sock')).on('error', reject)
        let text = ''
        socket.on('data', part => (text += part)).on('close', () => resolve(text))
        socket.end(bytes)
      })
    for (const bytes of ['', '{', '[]', '{"action":7}', '\xff\x00', 'x'.repeat(60_000)])
      assert.equal(JSON.parse(await say(bytes)).error, 'INVALID_REQUEST', bytes.slice(0, 20))
    assert.equal(JSON.parse(await say('{"action":"nonsense"}')).error, 'NOT_FOUND')
    assert.equal(await say('x'.repeat(70_000)).catch(() => ''), '')
    assert.deepEqual(JSON.parse(await say('{"action":"faults"}')), [])
    await server.stop()
    assert.ok(!existsSync(join(server.dir, 'control.sock')))
  })
})

describe('limits by options', () => {
  test('a rate, a burst, and the operating limit', async () => {
    const server = await Server.start({
      args: ['--plan', 'standard', '--limit-burst', '4', '--limit-operating', '0.0000001']
    })
    // The rate of two a second may give some back while they run.
    const answers = []
    for (let i = 0; i < 20; i++) answers.push(await server.call(i ? `scope?i=${i}` : 'server.time'))
    const limited = answers.filter(answer => answer.json.error === 'QUERY_LIMIT_EXCEEDED')
    assert.ok(limited.length > 0 && limited.every(answer => answer.status === 503))
    assert.equal(limited[0].json.error_description, 'Too many requests')
    const blocked = answers.filter(answer => answer.json.error === 'OPERATION_TIME_LIMIT')
    assert.ok(blocked.length > 0 && blocked.every(answer => answer.status === 429))
    assert.deepEqual(answers.slice(0, 3).map(answer => answer.status), [200, 200, 429])
    await server.stop()
  })

  test('a closed portal stays closed over a restart', async () => {
    const first = await Server.start({})
    assert.equal(rapport('portal', 'close', '--data', first.dir).code, 0)
    await first.stop({ keep: true })
    const again = await Server.start({ dir: first.dir })
    assert.equal((await again.call('server.time')).json.error, 'PORTAL_DELETED')
    await again.stop()
    assert.match(rapport('portal', 'open', '--data', first.dir).out, /^open/)
  })
})
