// What one client can do to all: reads that take long, answers and texts that are large.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { readFileSync, rmSync } from 'node:fs'
import { CODE, Server, stores } from './lib/server.mjs'

const MIB = 1024 * 1024

// Every pattern is looked for in every description: two letters have no index.
const patterns = Array.from({ length: 20 }, (_, i) => `q${String.fromCharCode(0x430 + (i % 32))}`)
const slow = { filter: { '%DESCRIPTION': patterns }, order: { SUBJECT: 'ASC' }, select: ['ID'] }
const heavy = {
  halt: 0,
  cmd: Array.from({ length: 50 }, () => ({ method: 'crm.activity.list', params: slow }))
}

async function fill(server) {
  const text = 'Wörter und Sätze, слова и предложения. '.repeat(10)
  const add = id => ({ method: 'crm.activity.update', params: { id, fields: { DESCRIPTION: text } } })
  for (let from = 1; from <= 400; from += 50) {
    const cmd = Array.from({ length: 50 }, (_, i) => add(from + i))
    await server.result('batch', { halt: 1, cmd })
  }
}

for (const store of stores) {
  describe(`slow reads on ${store.name}`, () => {
    let server

    before(async () => {
      server = await Server.start({ store, args: ['--threads', '1', '--limit-time', '0'] })
      await fill(server)
    })
    after(() => server.stop())

    test('another call is answered while they run', async () => {
      let done = 0
      const running = [1, 2].map(() =>
        server.call('batch', heavy).then(answer => {
          done++
          return answer
        })
      )
      // The first of these may come before the batches; the last one surely is behind them.
      for (let i = 0; i < 5; i++) await server.result('profile', {})
      assert.equal(done, 0)
      for (const { status, json } of await Promise.all(running)) {
        assert.equal(status, 200)
        assert.equal(json.result.result.length, 50)
        assert.deepEqual(json.result.result_error, [])
        assert.deepEqual(json.result.result[49], [])
      }
    })

    test('reads among writes may not hold the writer: they fail, and the writes stay', async () => {
      const lists = heavy.cmd.slice(0, 47).map((command, i) => [`list${i}`, command])
      const { status, json } = await server.call('batch', {
        halt: 0,
        cmd: {
          add: { method: 'crm.lead.add', params: { fields: { TITLE: 'Beside slow reads' } } },
          ...Object.fromEntries(lists),
          me: { method: 'profile', params: {} },
          last: { method: 'crm.lead.update', params: { id: '$result[add]', fields: { COMMENTS: 'kept' } } }
        }
      })
      assert.equal(status, 200)
      const { result, result_error: errors } = json.result
      assert.equal(result.last, true)
      assert.deepEqual(errors.list46, {
        error: 'INTERNAL_SERVER_ERROR',
        error_description: 'A read that takes so long belongs into a batch without changes'
      })
      assert.equal((await server.result('crm.lead.get', { id: result.add })).COMMENTS, 'kept')
    })

    test('a slow list has the same answer as a fast one', async () => {
      const all = { ...slow, filter: { '%DESCRIPTION': [...patterns.slice(1), 'чт', 'ör'] } }
      const { status, json } = await server.call('crm.activity.list', { ...all, order: { ID: 'ASC' } })
      assert.equal(status, 200)
      assert.equal(json.total, 400)
      assert.equal(json.next, 50)
      assert.equal(json.result.length, 50)
      assert.equal(json.result[0].ID, '1')
    })
  })

  describe(`the end of slow reads on ${store.name}`, () => {
    test('SIGTERM does not wait for all of them', async () => {
      const server = await Server.start({ store, args: ['--limit-time', '0'] })
      await fill(server)
      const statuses = Array.from({ length: 40 }, () =>
        server.call('batch', heavy).then(
          answer => answer.status,
          () => 0
        )
      )
      await server.result('profile', {})
      await server.stop()
      for (const status of await Promise.all(statuses)) assert.ok([200, 503, 504, 0].includes(status), status)
    })

    test('a request past its time says so', async () => {
      const filled = await Server.start({ store, args: ['--limit-time', '0'] })
      await fill(filled)
      await filled.stop({ keep: true })
      const server = await Server.start({ store, dir: filled.dir, args: ['--limit-time', '0.2'] })
      const { status, json } = await server.call('batch', heavy)
      assert.equal(status, 504)
      assert.equal(json.error_description, 'The request took longer than its time limit')
      await server.stop()
      rmSync(filled.dir, { recursive: true })
    })
  })

  describe(`large answers on ${store.name}`, () => {
    const page = { order: { ID: 'ASC' }, filter: { '<=ID': 4 }, start: -1 }
    const refused = {
      error: 'INVALID_REQUEST',
      error_description:
        "The answer is larger than 2 MiB: name the fields you need in 'select', and read the rest page by page with 'start'"
    }
    let server

    before(async () => {
      server = await Server.start({ store, args: ['--max-answer', '2'] })
      for (let id = 1; id <= 4; id++)
        await server.result('crm.activity.update', { id, fields: { DESCRIPTION: 'x'.repeat(0.7 * MIB) } })
    })
    after(() => server.stop())

    test('beyond the bound: 400, and it names select and start', async () => {
      const { status, json } = await server.call('crm.activity.list', page)
      assert.equal(status, 400)
      assert.deepEqual(json, refused)
      const some = await server.result('crm.activity.list', { ...page, select: ['ID', 'SUBJECT'] })
      assert.equal(some.length, 4)
      const two = await server.result('crm.activity.list', { ...page, filter: { '<=ID': 2 } })
      assert.deepEqual(two.map(row => row.DESCRIPTION.length), [0.7 * MIB, 0.7 * MIB].map(Math.trunc))
    })

    test('the parts of a batch count together; the one that is too much fails, the others stay', async () => {
      const get = id => ({ method: 'crm.activity.get', params: { id } })
      const { json } = await server.call('batch', {
        halt: 0,
        cmd: {
          one: get(1),
          all: { method: 'crm.activity.list', params: page },
          two: get(2),
          three: get(3),
          me: { method: 'profile', params: {} },
          ref: { method: 'crm.activity.list', params: { filter: { ID: '$result[two][ID]' }, select: ['ID'] } }
        }
      })
      const { result, result_error: errors } = json.result
      assert.deepEqual(Object.keys(result), ['one', 'two', 'me', 'ref'])
      assert.deepEqual(errors, { all: refused, three: refused })
      assert.equal(result.two.DESCRIPTION.length, Math.trunc(0.7 * MIB))
      assert.equal(result.me.ID, '1')
      assert.deepEqual(result.ref, [{ ID: '2' }])
    })

    test('XML has a bound of its own', async () => {
      const answer = await fetch(`${server.webhook}crm.activity.list.xml?start=-1&filter[<=ID]=2`)
      assert.equal(answer.status, 400)
      assert.match(await answer.text(), /The answer is larger than 1 MiB of JSON/)
      assert.equal((await fetch(`${server.webhook}crm.activity.get.xml?id=1`)).status, 200)
    })

    test('a packed answer of any size is the same', async () => {
      const path = `/rest/1/${CODE}/crm.activity.get?id=1`
      const plain = await fetch(`${server.url.slice(0, -1)}${path}`, { headers: { 'Accept-Encoding': 'identity' } })
      const packed = await fetch(`${server.url.slice(0, -1)}${path}`, { headers: { 'Accept-Encoding': 'gzip' } })
      assert.equal(plain.headers.get('content-encoding'), null)
      assert.equal(packed.headers.get('content-encoding'), 'gzip')
      assert.deepEqual((await packed.json()).result, (await plain.json()).result)
    })

    test('many that are large leave the memory within bounds', async t => {
      if (process.platform !== 'linux') return t.skip()
      const calls = Array.from({ length: 60 }, () => server.call('crm.activity.list', { ...page, filter: { '<=ID': 2 } }))
      for (const { status } of await Promise.all(calls)) assert.ok([200, 503].includes(status), status)
      const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.pid}/status`, 'latin1'))[1]
      if (!process.env.ASAN_OPTIONS && !/asan/.test(process.env.RAPPORT_BIN)) assert.ok(peak < 300 * 1024, peak)
    })
  })

  describe(`long texts on ${store.name}`, () => {
    let server

    before(async () => {
      server = await Server.start({ store })
    })
    after(() => server.stop())

    const cases = [
      ['crm.activity.update', 'SUBJECT', 4096],
      ['crm.activity.update', 'DESCRIPTION', MIB],
      ['crm.activity.update', 'PROVIDER_DATA', MIB],
      ['crm.lead.update', 'TITLE', 4096],
      ['crm.deal.update', 'COMMENTS', MIB]
    ]
    for (const [method, field, most] of cases) {
      test(`${method}: ${field} has ${most} bytes at most`, async () => {
        const text = 'x'.repeat(most)
        await server.result(method, { id: 1, fields: { [field]: text } })
        const { status, json } = await server.call(method, { id: 1, fields: { [field]: `${text}x` } })
        assert.equal(status, 400)
        assert.equal(json.error_description, `The field ${field} is longer than ${most} bytes`)
        const row = await server.result(method.replace('update', 'get'), { id: 1 })
        assert.equal(row[field], text)
      })
    }

    test('small files are stored apart from the others, alone and in a batch', async () => {
      const file = name => ({ fileData: [name, Buffer.from(`content of ${name}`).toString('base64')] })
      const one = { id: 3, fields: { FILES: [file('one.txt')] } }
      assert.equal(await server.result('crm.activity.update', one), true)
      const two = { id: 4, fields: { FILES: [file('two.txt'), file('three.txt')] } }
      const { result } = await server.result('batch', { cmd: { a: { method: 'crm.activity.update', params: two } } })
      assert.deepEqual(result, { a: true })
      for (const [id, count] of [
        [3, 1],
        [4, 2]
      ]) {
        const [{ FILES }] = await server.result('crm.activity.list', { filter: { ID: id }, select: ['ID', 'FILES'] })
        assert.equal(FILES.length, count)
        for (const { url } of FILES) assert.match(await (await fetch(url)).text(), /^content of \w+\.txt$/)
      }
    })

    test('an object is measured as JSON', async () => {
      const settings = { list: Array.from({ length: 1500 }, () => 'x'.repeat(200)) }
      const { status, json } = await server.call('crm.activity.update', { id: 1, fields: { SETTINGS: settings } })
      assert.equal(status, 400)
      assert.equal(json.error_description, 'The field SETTINGS is longer than 262144 bytes')
    })

    test('a large body is read apart from the others', async () => {
      const fields = { SUBJECT: 'Large', DESCRIPTION: 'é'.repeat(MIB / 2) }
      assert.equal(await server.result('crm.activity.update', { id: 2, fields }), true)
      const row = await server.result('crm.activity.get', { id: 2 })
      assert.equal(row.DESCRIPTION, fields.DESCRIPTION)
      const wrong = await server.call('crm.activity.update', { id: 2, fields }, { base: `${server.url}rest/1/wrongwrongwrong/` })
      assert.equal(wrong.status, 401)
      const body = `{"id":2,"fields":{"SUBJECT":"${'x'.repeat(MIB)}`
      const broken = await fetch(`${server.webhook}crm.activity.update`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body
      })
      assert.equal(broken.status, 400)
    })
  })
}
