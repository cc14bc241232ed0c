// HTTP itself, byte by byte: connections, lengths, verbs, headers, limits, and what is not HTTP.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { gunzipSync } from 'node:zlib'
import { CODE, Server, activity, stores } from './lib/server.mjs'
import { Raw, exchange, request } from './lib/raw.mjs'

const BASE = `/rest/1/${CODE}/`
const JSON_TYPE = { 'Content-Type': 'application/json' }
const ALLOW = 'GET, POST, HEAD, OPTIONS'

const post = (method, params, headers = {}) =>
  request(BASE + method, {
    verb: 'POST',
    headers: { ...JSON_TYPE, ...headers },
    body: JSON.stringify(params)
  })

// A body in chunks of the given sizes, the last one taking the rest.
function chunked(text, ...sizes) {
  const parts = []
  let at = 0
  for (const size of [...sizes, text.length]) {
    const part = text.slice(at, at + size)
    if (part) parts.push(`${part.length.toString(16)}\r\n${part}\r\n`)
    at += size
  }
  return parts.join('') + '0\r\n\r\n'
}

for (const store of stores) {
  describe(`http on ${store.name}`, () => {
    let server
    const send = (bytes, options) => exchange(server.port, bytes, options)
    const count = async () => (await server.call('crm.activity.list', { select: ['ID'] })).json.total
    // What must not happen is seen only after something that came later has happened.
    const unchanged = async work => {
      const total = await count()
      await work()
      assert.equal(await server.result('server.time').then(() => count()), total)
    }
    // Refused with a status of 400 to 499, and the connection ended: its next bytes cannot be trusted.
    const refused = async (bytes, status) => {
      const raw = await Raw.connect(server.port)
      await raw.send(bytes)
      const answer = await raw.answer()
      assert.equal(answer?.status, status)
      assert.equal(answer.headers.connection, 'close')
      await raw.closed()
      raw.close()
      return answer
    }

    before(async () => {
      server = await Server.start({ store, args: ['--max-body', '1'] })
    })
    after(() => server?.stop())

    describe('connections', () => {
      test('one connection serves request after request', async () => {
        const raw = await Raw.connect(server.port)
        for (const id of ['first', 'second', 'third']) {
          await raw.send(request(`${BASE}server.time`, { headers: { 'X-Request-Id': id } }))
          const answer = await raw.answer()
          assert.equal(answer.status, 200)
          assert.equal(answer.headers['x-request-id'], id)
          assert.notEqual(answer.headers.connection, 'close')
        }
        raw.close()
      })

      test('Connection: close is kept, and HTTP/1.0 closes by itself', async () => {
        for (const bytes of [
          request(`${BASE}server.time`, { headers: { Connection: 'close' } }),
          request(`${BASE}server.time`, { version: '1.0' })
        ]) {
          const raw = await Raw.connect(server.port)
          await raw.send(bytes)
          const answer = await raw.answer()
          assert.equal(answer.status, 200)
          assert.equal(await raw.closed(), true)
        }
      })

      test('requests in one packet are answered in order, reads and writes mixed', async () => {
        const raw = await Raw.connect(server.port)
        const ids = Array.from({ length: 24 }, (_, i) => `piped-${i}`)
        await raw.send(
          Buffer.concat(
            ids.map((id, i) =>
              i % 3
                ? request(`${BASE}crm.activity.get?id=1`, { headers: { 'X-Request-Id': id } })
                : post('crm.activity.add', activity({ SUBJECT: id }), { 'X-Request-Id': id })
            )
          )
        )
        for (const [i, id] of ids.entries()) {
          const answer = await raw.answer()
          assert.equal(answer.headers['x-request-id'], id)
          assert.equal(answer.status, 200)
          assert.equal(typeof answer.json.result, i % 3 ? 'object' : 'number')
        }
        assert.equal(raw.pending, 0)
        raw.close()
      })

      test('a write is seen by the read after it on the same connection', async () => {
        const raw = await Raw.connect(server.port)
        const id = await server.result('crm.activity.add', activity())
        for (let i = 0; i < 20; i++) {
          await raw.send(
            Buffer.concat([
              post('crm.activity.update', { id, fields: { DESCRIPTION: `turn ${i}` } }),
              request(`${BASE}crm.activity.get?id=${id}`)
            ])
          )
          assert.equal((await raw.answer()).json.result, true)
          assert.equal((await raw.answer()).json.result.DESCRIPTION, `turn ${i}`)
        }
        raw.close()
      })

      test('a request may come byte by byte', async () => {
        const raw = await Raw.connect(server.port)
        for (const byte of post('server.time', { a: 1 })) await raw.send(Buffer.from([byte]))
        assert.equal((await raw.answer()).status, 200)
        raw.close()
      })

      // libmicrohttpd may take the end of the client's side for the end of the connection.
      test('a client that closes its side gets a whole answer or none', async () => {
        for (let i = 0; i < 10; i++) {
          const raw = await Raw.connect(server.port)
          await raw.send(post('crm.activity.add', activity()))
          raw.finish()
          const answer = await raw.answer()
          if (answer) assert.ok(Number.isInteger(answer.json.result))
          await raw.closed()
        }
      })

      test('empty lines before a request are skipped', async () => {
        const answer = await send(Buffer.concat([Buffer.from('\r\n\r\n'), request(`${BASE}server.time`)]))
        assert.equal(answer.status, 200)
      })
    })

    describe('bodies', () => {
      const text = JSON.stringify(activity({ SUBJECT: 'In chunks' }))
      const coded = (body, headers = {}) =>
        request(`${BASE}crm.activity.add`, {
          verb: 'POST',
          headers: { ...JSON_TYPE, 'Transfer-Encoding': 'chunked', ...headers },
          body,
          length: false
        })

      test('a body in chunks', async () => {
        for (const sizes of [[], [1], [1, 1, 1], [20, 30]]) {
          const answer = await send(coded(chunked(text, ...sizes)))
          assert.equal(answer.status, 200)
          assert.equal(
            (await server.result('crm.activity.get', { id: answer.json.result })).SUBJECT,
            'In chunks'
          )
        }
      })

      test('chunk extensions, trailers and any case of the coding', async () => {
        const size = Buffer.byteLength(text).toString(16)
        const body = `${size};name=value\r\n${text}\r\n0\r\nX-Trailer: 1\r\n\r\n`
        assert.equal((await send(coded(body, { 'Transfer-Encoding': 'Chunked' }))).status, 200)
      })

      test('chunks that are none are refused and change nothing', () =>
        unchanged(async () => {
          for (const body of [
            'zz\r\n{}\r\n0\r\n\r\n',
            '-2\r\n{}\r\n0\r\n\r\n',
            `${text.length.toString(16)}\r\n${text}xx0\r\n\r\n`,
            '\r\n{}\r\n0\r\n\r\n',
            '0x2\r\n{}\r\n0\r\n\r\n'
          ])
            await refused(coded(body), 400)
          await refused(coded('fffffffffffffffff\r\n{}\r\n0\r\n\r\n'), 413)
        }))

      test('Expect: 100-continue is answered before the body is sent', async () => {
        const raw = await Raw.connect(server.port)
        await raw.send(
          request(`${BASE}server.time`, {
            verb: 'POST',
            headers: { ...JSON_TYPE, Expect: '100-continue', 'Content-Length': 2 },
            length: false
          })
        )
        assert.equal((await raw.answer()).status, 100)
        await raw.send('{}')
        assert.equal((await raw.answer()).status, 200)
        raw.close()
      })

      test('Expect: 100-continue of a body that is too large is answered 413 at once', async () => {
        const answer = await refused(
          request(`${BASE}server.time`, {
            verb: 'POST',
            headers: { ...JSON_TYPE, Expect: '100-continue', 'Content-Length': 3e6 },
            length: false
          }),
          413
        )
        assert.equal(answer.json.error, 'INVALID_REQUEST')
      })

      test('an announced body beyond the limit is refused unread', async () => {
        for (const body of [undefined, 'x'.repeat(1000)]) {
          const answer = await refused(
            request(`${BASE}server.time`, {
              verb: 'POST',
              headers: { ...JSON_TYPE, 'Content-Length': 3e6 },
              body,
              length: false
            }),
            413
          )
          assert.deepEqual(answer.json, {
            error: 'INVALID_REQUEST',
            error_description: 'The request is too large'
          })
        }
      })

      test('chunks beyond the limit are refused', () =>
        unchanged(async () => {
          const large = JSON.stringify(activity({ DESCRIPTION: 'x'.repeat(1024 * 1024) }))
          await refused(coded(chunked(large, 400_000, 400_000)), 413)
        }))

      test('a body just below the limit is taken', async () => {
        const fields = activity({ DESCRIPTION: 'x'.repeat(1024 * 1024 - 1000) })
        const id = await server.result('crm.activity.add', fields)
        assert.equal((await server.result('crm.activity.get', { id })).DESCRIPTION, fields.fields.DESCRIPTION)
      })

      test('a body cut off by the client writes nothing', () =>
        unchanged(async () => {
          const whole = post('crm.activity.add', activity())
          for (const end of ['reset', 'close', 'finish']) {
            for (const cut of [whole.length - 1, whole.length - 40]) {
              const raw = await Raw.connect(server.port)
              await raw.send(whole.subarray(0, cut))
              raw[end]()
              await raw.closed()
            }
            const raw = await Raw.connect(server.port)
            await raw.send(coded(chunked(text, 100).slice(0, -5)))
            raw[end]()
            await raw.closed()
          }
        }))
    })

    describe('where a request ends', () => {
      // Each of these two readers of a stream could understand in two ways.
      const ambiguous = {
        'Content-Length twice, equal': { 'Content-Length': ['2', '2'] },
        'Content-Length twice, different': { 'Content-Length': ['2', '5'] },
        'a list of lengths': { 'Content-Length': '2, 2' },
        'a length with a sign': { 'Content-Length': '+2' },
        'a negative length': { 'Content-Length': '-2' },
        'a hexadecimal length': { 'Content-Length': '0x2' },
        'an empty length': { 'Content-Length': '' },
        'a length that is no number': { 'Content-Length': 'abc' },
        'length and chunks': { 'Content-Length': '2', 'Transfer-Encoding': 'chunked' },
        'chunks and length': { 'Transfer-Encoding': 'chunked', 'Content-Length': '2' },
        'two codings': { 'Transfer-Encoding': 'gzip, chunked' },
        'two Transfer-Encodings': { 'Transfer-Encoding': ['chunked', 'identity'] },
        'an unknown coding': { 'Transfer-Encoding': 'xchunked' },
        'a space before the colon': { 'Content-Length ': '2' },
        'a tab before the colon': { 'Transfer-Encoding\t': 'chunked' },
        'two hosts': { Host: ['a', 'b'] }
      }
      for (const [name, headers] of Object.entries(ambiguous)) {
        test(`${name} is refused and the connection ended`, () =>
          unchanged(() =>
            refused(
              request(`${BASE}crm.activity.delete?id=2`, {
                verb: 'POST',
                headers,
                body: '{}',
                length: false
              }),
              400
            )
          ))
      }

      test('a length beyond all numbers is refused', () =>
        refused(
          request(`${BASE}server.time`, {
            verb: 'POST',
            headers: { 'Content-Length': '9'.repeat(30) },
            body: '{}',
            length: false
          }),
          413
        ))

      test('HTTP/1.1 without a host is refused', () =>
        refused(Buffer.from(`GET ${BASE}server.time HTTP/1.1\r\n\r\n`), 400))

      test('another version of HTTP is refused', () =>
        refused(request(`${BASE}server.time`, { version: '2.0' }), 505))

      test('headers beyond the limit are refused', async () => {
        await refused(request(`${BASE}server.time?a=${'x'.repeat(70_000)}`), 414)
        await refused(request(`${BASE}server.time`, { headers: { 'X-Long': 'y'.repeat(70_000) } }), 431)
        const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`X-${i}`, 'value']))
        await refused(request(`${BASE}server.time`, { headers: many }), 431)
      })

      test('a query of 16 KiB is taken', async () => {
        const answer = await send(request(`${BASE}server.time?a=${'x'.repeat(16 * 1024)}`))
        assert.equal(answer.status, 200)
      })

      test('what is not HTTP ends the connection and nothing else', async () => {
        for (const bytes of [
          'hello\r\n\r\n',
          '   \r\n\r\n',
          Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 13, 10, 13, 10]),
          Buffer.alloc(100_000, 0xff),
          Buffer.alloc(100_000, 0),
          'GET\r\n\r\n',
          'GET / HTTP/1.1\r\nnonsense\r\n\r\n'
        ]) {
          const raw = await Raw.connect(server.port)
          await raw.send(bytes)
          raw.finish()
          const answer = await raw.answer()
          if (answer) assert.ok(answer.status >= 400 && answer.status < 500, `${answer.status}`)
          await raw.closed()
          raw.close()
        }
        await server.result('server.time')
      })
    })

    describe('verbs', () => {
      for (const verb of ['PUT', 'DELETE', 'PATCH', 'TRACE', 'CONNECT', 'PROPFIND', 'FOO', 'get']) {
        test(`${verb} is not allowed`, () =>
          unchanged(async () => {
            const answer = await refused(request(`${BASE}crm.activity.delete?id=2`, { verb }), 405)
            assert.equal(answer.headers.allow, ALLOW)
            assert.equal(answer.json.error, 'INVALID_REQUEST')
          }))
      }

      test('HEAD answers the headers of GET and no body', async () => {
        const raw = await Raw.connect(server.port)
        for (const path of ['crm.activity.fields', 'crm.activity.get?id=1', 'no.such.method']) {
          await raw.send(request(BASE + path))
          const get = await raw.answer()
          await raw.send(request(BASE + path, { verb: 'HEAD' }))
          const head = await raw.answer({ bodiless: true })
          assert.equal(head.status, get.status)
          assert.equal(head.headers['content-length'], get.headers['content-length'])
          assert.equal(head.headers['content-type'], get.headers['content-type'])
        }
        // Would a body have followed, it would stand before this.
        await raw.send(request(`${BASE}server.time`))
        assert.equal((await raw.answer()).status, 200)
        raw.close()
      })

      test('HEAD of a write is refused and changes nothing', () =>
        unchanged(async () => {
          for (const path of ['crm.activity.delete?id=2', 'batch?cmd[a]=crm.activity.delete%3Fid%3D2']) {
            const answer = await send(request(BASE + path, { verb: 'HEAD' }), { bodiless: true })
            assert.equal(answer.status, 405)
          }
          await server.result('crm.activity.get', { id: 2 })
        }))

      test('a page of another site may ask first (CORS)', async () => {
        const answer = await send(
          request(`${BASE}crm.activity.add`, {
            verb: 'OPTIONS',
            headers: {
              Origin: 'https://app.example.org',
              'Access-Control-Request-Method': 'POST',
              'Access-Control-Request-Headers': 'content-type, x-own'
            }
          })
        )
        assert.equal(answer.status, 204)
        assert.equal(answer.headers.allow, ALLOW)
        assert.equal(answer.headers['access-control-allow-origin'], '*')
        assert.equal(answer.headers['access-control-allow-methods'], ALLOW)
        assert.equal(answer.headers['access-control-allow-headers'], 'content-type, x-own')
        assert.ok(Number(answer.headers['access-control-max-age']) > 0)
      })

      test('an answer may be read by a page of another site, an error too', async () => {
        for (const path of [`${BASE}server.time`, '/rest/1/wrongcode/server.time']) {
          const answer = await send(request(path, { headers: { Origin: 'https://app.example.org' } }))
          assert.equal(answer.headers['access-control-allow-origin'], '*')
          assert.equal(answer.headers['access-control-expose-headers'], 'X-Request-Id')
        }
      })

      test('OPTIONS needs no credential and runs no method', () =>
        unchanged(async () => {
          assert.equal((await send(request('/', { verb: 'OPTIONS' }))).status, 204)
          assert.equal((await send(request('*', { verb: 'OPTIONS' }))).status, 204)
          const body = JSON.stringify(activity())
          const options = { verb: 'OPTIONS', headers: JSON_TYPE, body }
          assert.equal((await send(request(`${BASE}crm.activity.add`, options))).status, 204)
        }))
    })

    describe('headers', () => {
      test('gzip only for who asks, with the same content', async () => {
        const plain = await send(request(`${BASE}crm.activity.fields`))
        assert.equal(plain.headers['content-encoding'], undefined)
        assert.equal(plain.headers.vary, 'Accept-Encoding')
        for (const accepted of ['gzip', 'deflate, gzip;q=0.5, br', 'GZIP']) {
          const packed = await send(
            request(`${BASE}crm.activity.fields`, { headers: { 'Accept-Encoding': accepted } })
          )
          assert.equal(packed.headers['content-encoding'], 'gzip', accepted)
          assert.ok(packed.body.length < plain.body.length)
          assert.deepEqual(JSON.parse(gunzipSync(packed.body)).result, plain.json.result)
        }
        for (const refusing of ['identity', 'gzip;q=0', 'gzip; q=0.0, deflate', 'br', '']) {
          const answer = await send(
            request(`${BASE}crm.activity.fields`, { headers: { 'Accept-Encoding': refusing } })
          )
          assert.equal(answer.headers['content-encoding'], undefined, refusing)
          assert.deepEqual(answer.json.result, plain.json.result)
        }
      })

      test('a small answer is not packed', async () => {
        const answer = await send(request(`${BASE}server.time`, { headers: { 'Accept-Encoding': 'gzip' } }))
        assert.equal(answer.headers['content-encoding'], undefined)
      })

      test('X-Request-Id is given back, or made', async () => {
        const id = async value =>
          (
            await send(
              request(`${BASE}server.time`, { headers: value === undefined ? {} : { 'X-Request-Id': value } })
            )
          ).headers['x-request-id']
        assert.equal(await id('My-id_1.2'), 'My-id_1.2')
        const made = await Promise.all([undefined, '', 'a b', 'x'.repeat(500), '<script>'].map(id))
        for (const one of made) assert.match(one, /^[0-9a-f]{24}$/)
        assert.equal(new Set(made).size, made.length)
      })

      test('an error has an id too', async () => {
        const answer = await send(
          request('/rest/1/wrongcode/profile', { headers: { 'X-Request-Id': 'err-1' } })
        )
        assert.equal(answer.headers['x-request-id'], 'err-1')
      })

      test('addresses of files name the host that was asked for', async () => {
        const id = await server.result(
          'crm.activity.add',
          activity({ FILES: [{ fileData: ['a.txt', 'YQ=='] }] })
        )
        const list = request(`${BASE}crm.activity.list?filter[ID]=${id}&select[]=FILES`, {
          headers: { Host: 'crm.example.org:8443' }
        })
        const [row] = (await send(list)).json.result
        assert.match(row.FILES[0].url, /^http:\/\/crm\.example\.org:8443\//)
      })
    })
  })
}
