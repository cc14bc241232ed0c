// Large bodies: who sends them is looked at first, and all of them together take a bounded memory.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { CODE, Server, activity, stores } from './lib/server.mjs'
import { Raw, request } from './lib/raw.mjs'

const MIB = 1024 * 1024
const TYPE = { 'Content-Type': 'application/json' }
const WRONG = 'wrongcode12345678901234'

const peak = server => {
  const status = readFileSync(`/proc/${server.pid}/status`, 'utf8')
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)[1]) / 1024
}
const announce = (path, length, headers = {}) =>
  request(path, { verb: 'POST', headers: { ...TYPE, 'Content-Length': length, ...headers }, length: false })

// Sends as long as the server reads; answers what it said. `parts` is a list of [text, times].
async function upload(port, head, parts) {
  const raw = await Raw.connect(port)
  let answer
  const answered = raw.answer({ patience: 60_000 }).then(got => (answer = got))
  raw.send(head)
  for (const [text, times] of parts) {
    for (let n = 0; n < times && answer === undefined; n++)
      await Promise.race([raw.send(text), answered])
  }
  await answered
  raw.close()
  return answer
}

// What was sent is not yet read: asks until the answer is the one that must come.
async function until(status, ask) {
  for (;;) {
    const answer = await ask()
    if (answer?.status === status) return answer
  }
}

for (const store of stores) {
  describe(`bodies on ${store.name}`, () => {
    let server

    before(async () => {
      server = await Server.start({ store })
    })
    after(() => server?.stop())

    const path = `/rest/1/${CODE}/server.time`
    const asksElsewhere = () => fetch(`${server.url}rest/1/${CODE}/server.time`).then(one => one.status)
    const wrong = {
      'in the address': [`/rest/1/${WRONG}/server.time`, {}],
      'in the query': [`/rest/server.time?auth=${WRONG}`, {}],
      'in the query, by its other name': [`/rest/server.time?access_token=${WRONG}`, {}],
      'in a header': ['/rest/server.time', { Authorization: `Bearer ${WRONG}` }]
    }
    for (const [where, [address, headers]] of Object.entries(wrong)) {
      test(`a wrong credential ${where} is refused before the body is sent`, async () => {
        for (const length of [1, 20_000, 95 * MIB]) {
          const raw = await Raw.connect(server.port)
          await raw.send(announce(address, length, headers))
          const answer = await raw.answer()
          assert.equal(answer.status, 401)
          assert.equal(answer.headers.connection, 'close')
          assert.equal(await raw.closed(), true)
          raw.close()
        }
      })

      test(`a wrong credential ${where} is refused before the first chunk`, async () => {
        const raw = await Raw.connect(server.port)
        await raw.send(
          request(address, {
            verb: 'POST',
            headers: { ...TYPE, ...headers, 'Transfer-Encoding': 'chunked' },
            length: false
          })
        )
        assert.equal((await raw.answer()).status, 401)
        raw.close()
      })
    }

    test('a small body that came with its headers is read, and the connection goes on', async () => {
      const raw = await Raw.connect(server.port)
      for (let n = 0; n < 3; n++) {
        await raw.send(request(`/rest/1/${WRONG}/server.time`, { verb: 'POST', headers: TYPE, body: '{}' }))
        const answer = await raw.answer()
        assert.equal(answer.status, 401)
        assert.notEqual(answer.headers.connection, 'close')
      }
      raw.close()
    })

    test('a method that is not there is refused before the body is sent', async () => {
      const raw = await Raw.connect(server.port)
      await raw.send(announce('/nowhere', 95 * MIB))
      assert.equal((await raw.answer()).status, 404)
      raw.close()
    })

    test('a client that still sends gets the refusal, and not a reset', async () => {
      const answer = await upload(server.port, announce(`/rest/1/${WRONG}/server.time`, 30 * MIB), [
        ['x'.repeat(MIB), 30]
      ])
      assert.equal(answer?.status, 401)
    })

    test('Expect: 100-continue of a wrong credential is answered with the refusal', async () => {
      const raw = await Raw.connect(server.port)
      await raw.send(announce(`/rest/1/${WRONG}/server.time`, 95 * MIB, { Expect: '100-continue' }))
      assert.equal((await raw.answer()).status, 401)
      raw.close()
    })

    test('a large body with its credential at its end is taken', async () => {
      const file = Buffer.alloc(20 * MIB, 'rapport').toString('base64')
      const body = JSON.stringify({ ...activity({ FILES: [{ fileData: ['big.bin', file] }] }), auth: CODE })
      const answer = await upload(server.port, announce('/rest/crm.activity.add', body.length), [[body, 1]])
      assert.equal(answer.status, 200, answer.text)
      await server.result('crm.activity.delete', { id: answer.json.result })
    })

    test('twenty large bodies with a wrong credential in the address cost nothing', async () => {
      const before = peak(server)
      const text = 'x'.repeat(MIB)
      const answers = await Promise.all(
        Array.from({ length: 20 }, () =>
          upload(server.port, announce(`/rest/1/${WRONG}/server.time`, 95 * MIB), [[text, 95]])
        )
      )
      assert.deepEqual(new Set(answers.map(one => one?.status)), new Set([401]))
      assert.ok(peak(server) - before < 16, `${peak(server) - before} MiB more`)
    })

    test('twenty large bodies that have yet to show who sends them share one bound', async () => {
      const before = peak(server)
      const text = 'x'.repeat(MIB)
      const length = 95 * MIB + 12 + WRONG.length + 10
      const answers = await Promise.all(
        Array.from({ length: 20 }, () =>
          upload(server.port, announce('/rest/server.time', length), [
            [`{"a":"`, 1],
            [text, 95],
            [`","auth":"${WRONG}"}`.padEnd(length - 95 * MIB - 6), 1]
          ])
        )
      )
      const by = status => answers.filter(one => one?.status === status)
      assert.ok(by(401).length >= 1, 'one of them was read')
      assert.ok(by(503).length >= 15, `${answers.map(one => one?.status)}`)
      assert.equal(by(401).length + by(503).length, 20)
      for (const one of by(503)) {
        assert.equal(one.json.error, 'OVERLOAD_LIMIT')
        assert.match(one.headers['retry-after'], /^\d+$/)
        assert.equal(one.headers.connection, 'close')
      }
      assert.ok(peak(server) - before < 500, `${peak(server) - before} MiB more`)
      await server.result('server.time')
    })

    test('whoever is recognised is not held up by those who are not', async () => {
      // Four bodies of 8 MiB are under way, and a large one beside them: the bound's half is taken.
      const slow = []
      for (let n = 0; n < 5; n++) {
        const raw = await Raw.connect(server.port)
        await raw.send(announce('/rest/server.time', n < 4 ? 8 * MIB : 90 * MIB))
        await raw.send('{"a":1')
        slow.push(raw)
      }
      const text = JSON.stringify({ a: 'x'.repeat(4 * MIB) })
      // Without a credential there is no room until they are gone.
      await until(503, () => upload(server.port, announce('/rest/server.time', text.length), [[text, 1]]))
      const known = await upload(server.port, announce(path, text.length), [[text, 1]])
      assert.equal(known.status, 200)
      const small = JSON.stringify({ auth: CODE, a: 'x'.repeat(10_000) })
      // Small ones have no share, whether they come with their headers or behind them.
      for (const parts of [[[small, 1]], [[small.slice(0, 5), 1], [small.slice(5), 1]]]) {
        const raw = await Raw.connect(server.port)
        await raw.send(announce('/rest/server.time', small.length))
        assert.equal(await asksElsewhere(), 200)
        for (const [text] of parts) await raw.send(text)
        assert.equal((await raw.answer()).status, 200)
        raw.close()
      }
      for (const raw of slow) raw.reset()
      const body = JSON.stringify({ auth: CODE, a: 'x'.repeat(4 * MIB) })
      await until(200, () => upload(server.port, announce('/rest/server.time', body.length), [[body, 1]]))
    })
  })
}

describe('bounds of bodies as options', () => {
  test('chunks of somebody unknown share the bound too', async () => {
    const server = await Server.start({ args: ['--max-unknown-bodies', '1', '--max-body', '2'] })
    const chunk = text => `${text.length.toString(16)}\r\n${text}\r\n`
    const head = request('/rest/server.time', {
      verb: 'POST',
      headers: { ...TYPE, 'Transfer-Encoding': 'chunked' },
      length: false
    })
    // The first grows beside the others, the second fills the half, the third has no room.
    const first = await Raw.connect(server.port)
    await first.send(head + chunk('x'.repeat(1_200_000)))
    const second = await Raw.connect(server.port)
    await second.send(announce('/rest/server.time', 500_000))
    const third = await until(503, () =>
      upload(server.port, head, [[chunk('x'.repeat(200_000)), 2], ['0\r\n\r\n', 1]])
    )
    assert.match(third.headers['retry-after'], /^\d+$/)
    first.close()
    second.close()
    await server.stop()
  })

  test('all bodies together have a bound', async () => {
    const server = await Server.start({ args: ['--max-bodies', '4', '--max-body', '2'] })
    const path = `/rest/1/${CODE}/server.time`
    const open = []
    for (const size of [1_000_000, 1_000_000]) {
      const raw = await Raw.connect(server.port)
      await raw.send(announce(path, size))
      open.push(raw)
    }
    const text = JSON.stringify({ a: 'x'.repeat(1_000_000) })
    const answer = await until(503, () => upload(server.port, announce(path, text.length), [[text, 1]]))
    assert.equal(answer.json.error, 'OVERLOAD_LIMIT')
    for (const raw of open) raw.close()
    await until(200, () => upload(server.port, announce(path, text.length), [[text, 1]]))
    await server.stop()
  })
})
