// Bytes that two readers could understand in two ways: all of them are refused, whole or in pieces,
// and what stands behind them is never run.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { CODE, Server, activity, stores, tempDir } from './lib/server.mjs'
import { makeCertificates } from './lib/tls.mjs'
import { Raw, request } from './lib/raw.mjs'
import { readStream } from './lib/strict.mjs'

const BASE = `/rest/1/${CODE}/`
const HOST = 'Host: localhost\r\n'
const GET = `GET ${BASE}server.time HTTP/1.1\r\n`
const POST = `POST ${BASE}server.time HTTP/1.1\r\n${HOST}`
const CODED = `${POST}Transfer-Encoding: chunked\r\n`

// Each is followed by a request that writes: it must not run.
const refused = {
  'a folded line': `${GET}${HOST}X-A: 1\r\n 2\r\n\r\n`,
  'a line folded by a tab': `${GET}${HOST}X-A: 1\r\n\t2\r\n\r\n`,
  'a folded first line': `${GET} ${HOST}\r\n`,
  'a folded line of white space only': `${GET}${HOST}X-A: 1\r\n \r\nX-B: 2\r\n\r\n`,
  'a fold that makes a length': `${POST}Content-Lengt: 5\r\n h\r\n\r\nhello`,
  'a length on a folded line': `${POST}Content-Length:\r\n 44\r\n\r\n${'x'.repeat(44)}`,
  'a coding on a folded line': `${POST}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`,
  'a NUL behind a length': `${POST}Content-Length: 5\0\r\n\r\nhello`,
  'a NUL and more behind a length': `${POST}Content-Length: 5\x000\r\n\r\nhello`,
  'a NUL and a bare LF behind a length': `${POST}Content-Length: 5\0\n\r\nhello`,
  'a NUL in a coding': `${POST}Transfer-Encoding: chunked\0x\r\n\r\n0\r\n\r\n`,
  'a NUL behind a coding': `${POST}Transfer-Encoding: chunked\0\r\n\r\n0\r\n\r\n`,
  'a NUL in a name': `${POST}Content\0-Length: 5\r\n\r\nhello`,
  'a NUL at the beginning of a line': `${POST}\0Content-Length: 5\r\n\r\nhello`,
  'a NUL in the address': `GET ${BASE}server.time\0 HTTP/1.1\r\n${HOST}\r\n`,
  'a NUL before the request': `\0\r\n${GET}${HOST}\r\n`,
  'a NUL in the version': `GET ${BASE}server.time HTTP/1.1\0\r\n${HOST}\r\n`,
  'a space before the colon': `${POST}Content-Length : 5\r\n\r\nhello`,
  'a tab before the colon': `${POST}Transfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n`,
  'a name with a space': `${GET}${HOST}X A: 1\r\n\r\n`,
  'a name with a bracket': `${GET}${HOST}X(A): 1\r\n\r\n`,
  'a name with a letter beyond ASCII': `${GET}${HOST}X-\xe4: 1\r\n\r\n`,
  'no name': `${GET}${HOST}: 1\r\n\r\n`,
  'no colon': `${GET}${HOST}nonsense\r\n\r\n`,
  'a bare CR in a value': `${GET}${HOST}X-A: 1\r2\r\n\r\n`,
  'a bare CR that hides a length': `${POST}X-A: 1\rContent-Length: 5\r\n\r\nhello`,
  'a bare LF at the end of a header': `${GET}${HOST}X-A: 1\n\r\n`,
  'a bare LF that hides a length': `${POST}X-A: 1\nContent-Length: 5\r\n\r\nhello`,
  'a bare LF at the end of the request line': `GET ${BASE}server.time HTTP/1.1\n${HOST}\r\n`,
  'a bare LF as the empty line': `${GET}${HOST}\n`,
  'a bare LF before the request': `\n${GET}${HOST}\r\n`,
  'CR CR LF': `${GET}${HOST}X-A: 1\r\r\n\r\n`,
  'a control character in a value': `${GET}${HOST}X-A: 1\x012\r\n\r\n`,
  'DEL in a value': `${GET}${HOST}X-A: 1\x7f\r\n\r\n`,
  'a length with a plus': `${POST}Content-Length: +5\r\n\r\nhello`,
  'a negative length': `${POST}Content-Length: -5\r\n\r\nhello`,
  'a list of lengths': `${POST}Content-Length: 5,5\r\n\r\nhello`,
  'two lengths in a line': `${POST}Content-Length: 5 5\r\n\r\nhello`,
  'a hexadecimal length': `${POST}Content-Length: 0x5\r\n\r\nhello`,
  'an empty length': `${POST}Content-Length: \r\n\r\nhello`,
  'a length with a fraction': `${POST}Content-Length: 5.0\r\n\r\nhello`,
  'a quoted length': `${POST}Content-Length: "5"\r\n\r\nhello`,
  'two equal lengths': `${POST}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`,
  'two lengths of different case': `${POST}Content-Length: 5\r\ncontent-length: 0\r\n\r\nhello`,
  'a length and chunks': `${CODED}Content-Length: 5\r\n\r\n0\r\n\r\n`,
  'chunks and a length': `${POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  'chunks in HTTP/1.0': `POST ${BASE}server.time HTTP/1.0\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  'two codings': `${CODED}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  'a list of codings': `${POST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
  'a coding twice in a line': `${POST}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n`,
  'an unknown coding': `${POST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
  'a coding cut short': `${POST}Transfer-Encoding: chunke\r\n\r\n0\r\n\r\n`,
  'an empty coding': `${POST}Transfer-Encoding:\r\n\r\n0\r\n\r\n`,
  'a coding with a parameter': `${POST}Transfer-Encoding: chunked;q=1\r\n\r\n0\r\n\r\n`,
  'a coding with a vertical tab': `${POST}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n`,
  'a chunk size that is none': `${CODED}\r\nzz\r\nhello\r\n0\r\n\r\n`,
  'a chunk size with 0x': `${CODED}\r\n0x5\r\nhello\r\n0\r\n\r\n`,
  'a chunk size with a sign': `${CODED}\r\n+5\r\nhello\r\n0\r\n\r\n`,
  'a chunk size behind a space': `${CODED}\r\n 5\r\nhello\r\n0\r\n\r\n`,
  'a chunk size before a space': `${CODED}\r\n5 \r\nhello\r\n0\r\n\r\n`,
  'a chunk without a size': `${CODED}\r\n\r\nhello\r\n0\r\n\r\n`,
  'a chunk size that ends with a bare LF': `${CODED}\r\n5\nhello\r\n0\r\n\r\n`,
  'a chunk size that ends with a bare CR': `${CODED}\r\n5\rhello\r\n0\r\n\r\n`,
  'a chunk that ends with a bare LF': `${CODED}\r\n5\r\nhello\n0\r\n\r\n`,
  'a chunk longer than its size': `${CODED}\r\n4\r\nhello\r\n0\r\n\r\n`,
  'a chunk shorter than its size': `${CODED}\r\n6\r\nhello\r\n0\r\n\r\n`,
  'a NUL in a chunk size': `${CODED}\r\n5\0\r\nhello\r\n0\r\n\r\n`,
  'a bare LF in an extension': `${CODED}\r\n5;a\nhello\r\n0\r\n\r\n`,
  'a bare CR in an extension': `${CODED}\r\n5;a\rb\r\nhello\r\n0\r\n\r\n`,
  'a NUL in an extension': `${CODED}\r\n5;a\0\r\nhello\r\n0\r\n\r\n`,
  'an extension without end': `${CODED}\r\n5;${'a'.repeat(300)}\r\nhello\r\n0\r\n\r\n`,
  'a last chunk that ends with a bare LF': `${CODED}\r\n0\n\r\n`,
  'a folded trailer': `${CODED}\r\n0\r\nX-A: 1\r\n 2\r\n\r\n`,
  'a trailer without a name': `${CODED}\r\n0\r\n: 1\r\n\r\n`,
  'a trailer without a colon': `${CODED}\r\n0\r\nnonsense\r\n\r\n`,
  'a trailer with a NUL': `${CODED}\r\n0\r\nX-A: 1\0\r\n\r\n`,
  'a NUL as a trailer': `${CODED}\r\n0\r\n\0\r\n\r\n`,
  'a trailer that ends with a bare LF': `${CODED}\r\n0\r\nX-A: 1\n\r\n`,
  'no host': `${GET}X-A: 1\r\n\r\n`,
  'no header at all': `${GET}\r\n`,
  'two hosts': `${GET}${HOST}${HOST}\r\n`,
  'a host with a slash': `${GET}Host: localhost/x\r\n\r\n`,
  'a host with an at sign': `${GET}Host: a@localhost\r\n\r\n`,
  'two hosts in a line': `${GET}Host: a, b\r\n\r\n`,
  'a host with a space': `${GET}Host: a b\r\n\r\n`,
  'an absolute address without a host': `GET http://${BASE}server.time HTTP/1.1\r\n${HOST}\r\n`,
  'an absolute address with a user': `GET http://a@b${BASE}server.time HTTP/1.1\r\n${HOST}\r\n`,
  'another scheme': `GET ftp://localhost${BASE}server.time HTTP/1.1\r\n${HOST}\r\n`,
  'an address without a slash': `GET rest/1/${CODE}/server.time HTTP/1.1\r\n${HOST}\r\n`,
  'an asterisk': `GET * HTTP/1.1\r\n${HOST}\r\n`,
  'no address': `GET  HTTP/1.1\r\n${HOST}\r\n`,
  'a fragment': `GET ${BASE}server.time#x HTTP/1.1\r\n${HOST}\r\n`,
  'a space in the address': `GET ${BASE}server.time x HTTP/1.1\r\n${HOST}\r\n`,
  'a tab in the address': `GET ${BASE}server.time\tx HTTP/1.1\r\n${HOST}\r\n`,
  'a control character in the address': `GET ${BASE}server.time\x01 HTTP/1.1\r\n${HOST}\r\n`,
  'a bare CR in the address': `GET ${BASE}server.time\rx HTTP/1.1\r\n${HOST}\r\n`,
  'a DEL in the address': `GET ${BASE}server.time\x7f HTTP/1.1\r\n${HOST}\r\n`,
  'two spaces before the address': `GET  ${BASE}server.time HTTP/1.1\r\n${HOST}\r\n`,
  'two spaces before the version': `GET ${BASE}server.time  HTTP/1.1\r\n${HOST}\r\n`,
  'a space behind the version': `GET ${BASE}server.time HTTP/1.1 \r\n${HOST}\r\n`,
  'a tab for a space': `GET\t${BASE}server.time HTTP/1.1\r\n${HOST}\r\n`,
  'a space before the method': ` ${GET}${HOST}\r\n`,
  'a method with a colon': `GE:T ${BASE}server.time HTTP/1.1\r\n${HOST}\r\n`,
  'HTTP/0.9': `GET ${BASE}server.time\r\n`,
  'a version in small letters': `GET ${BASE}server.time http/1.1\r\n${HOST}\r\n`,
  'a version without a minor one': `GET ${BASE}server.time HTTP/1\r\n${HOST}\r\n`,
  'a version with two digits': `GET ${BASE}server.time HTTP/1.10\r\n${HOST}\r\n`,
  'a version of another protocol': `GET ${BASE}server.time HTTPS/1.1\r\n${HOST}\r\n`
}

// What a strict reader takes, too.
const taken = {
  'no white space before a value': `GET ${BASE}server.time HTTP/1.1\r\nHost:localhost\r\nX-A:1\r\n\r\n`,
  'white space around values': `${GET}Host: \t localhost \t \r\nX-A:  1  \r\n\r\n`,
  'white space behind a length': `${POST}Content-Length: 2 \t\r\n\r\n{}`,
  'white space behind a coding': `${POST}Transfer-Encoding: chunked \r\n\r\n0\r\n\r\n`,
  'an empty value': `${GET}${HOST}X-A:\r\nX-B: \r\n\r\n`,
  'a value with letters beyond ASCII': `${GET}${HOST}X-A: \xc3\xa4\xff\r\n\r\n`,
  'an address with raw UTF-8': `GET ${BASE}server.time?a=\xd0\x9f HTTP/1.1\r\n${HOST}\r\n`,
  'an address with brackets and braces': `GET ${BASE}server.time?a[b]={}|^\`"<>\\ HTTP/1.1\r\n${HOST}\r\n`,
  'an absolute address': `GET http://localhost:1${BASE}server.time HTTP/1.1\r\n${HOST}\r\n`,
  'an encoded byte in the path and any in the query': `GET ${BASE}server%2Etime?a=%zz% HTTP/1.1\r\n${HOST}\r\n`,
  'small chunks': `${CODED}\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n`,
  'zeros before a chunk size': `${CODED}\r\n0002\r\n{}\r\n000\r\n\r\n`,
  'extensions and trailers': `${CODED}\r\n2;a=b;c="d e"\r\n{}\r\n0;x\r\nX-A: 1\r\nX-B:\r\n\r\n`,
  'empty lines before the request': `\r\n\r\n${GET}${HOST}\r\n`,
  'a length with zeros before it': `${POST}Content-Length: 0002\r\n\r\n{}`
}

// Paths that lead nowhere, rather than to what stands before the odd byte.
const nowhere = {
  'an encoded NUL in the path': `GET ${BASE}server.time%00x HTTP/1.1\r\n${HOST}\r\n`,
  'an encoded LF in the path': `GET ${BASE}server.time%0a HTTP/1.1\r\n${HOST}\r\n`,
  'a path cut off in an encoded byte': `GET ${BASE}server.time%7 HTTP/1.1\r\n${HOST}\r\n`,
  'a path with a percent sign that encodes nothing': `GET ${BASE}server.time%zz HTTP/1.1\r\n${HOST}\r\n`,
  'a path that is not UTF-8': `GET ${BASE}server.time\xff HTTP/1.1\r\n${HOST}\r\n`
}

const next = request(`${BASE}crm.activity.add`, {
  verb: 'POST',
  headers: { 'Content-Type': 'application/json', 'X-Request-Id': 'second' },
  body: JSON.stringify(activity({ SUBJECT: 'Smuggled' }))
})

for (const secure of [false, true]) {
  describe(`${secure ? 'HTTPS' : 'HTTP'}`, () => {
    let server, inside
    const smuggled = async () =>
      (await inside.json('crm.activity.list', { filter: { SUBJECT: 'Smuggled' }, select: ['ID'] })).total
    const converse = async (bytes, piece) => {
      const raw = await Raw.connect(server.port, { secure })
      for (let at = 0; at < bytes.length; at += piece) await raw.send(bytes.subarray(at, at + piece))
      return raw
    }

    before(async () => {
      const tls = secure ? makeCertificates(tempDir()) : null
      server = await Server.start({
        store: stores[0],
        args: secure ? ['--tls-cert', tls.cert, '--tls-key', tls.key] : []
      })
      inside = {
        json: async (method, params) => {
          const raw = await Raw.connect(server.port, { secure })
          const body = JSON.stringify(params)
          const headers = { 'Content-Type': 'application/json' }
          await raw.send(request(BASE + method, { verb: 'POST', headers, body }))
          const answer = await raw.answer()
          raw.close()
          return answer.json
        }
      }
    })
    after(() => server?.stop())

    for (const [name, text] of Object.entries(refused)) {
      test(`${name} is refused`, async () => {
        const head = Buffer.from(text, 'latin1')
        const bytes = Buffer.concat([head, next])
        const earlier = await smuggled()
        for (const piece of secure ? [bytes.length, 7] : [bytes.length, 1, 2, 3, 40, head.length - 1]) {
          const raw = await converse(bytes, piece)
          const answer = await raw.answer()
          assert.equal(answer?.status, 400, `in pieces of ${piece}`)
          assert.equal(answer.headers.connection, 'close')
          assert.equal(await raw.closed(), true)
          raw.close()
        }
        assert.equal(await smuggled(), earlier)
      })
    }

    for (const [name, text] of Object.entries(taken)) {
      test(`${name} is taken`, async () => {
        const bytes = Buffer.concat([Buffer.from(text, 'latin1'), next])
        for (const piece of [bytes.length, 1, 3]) {
          const raw = await converse(bytes, piece)
          const first = await raw.answer()
          assert.equal(first?.status, 200, first?.text)
          const second = await raw.answer()
          assert.equal(second?.headers['x-request-id'], 'second')
          assert.equal(second.status, 200)
          raw.close()
        }
      })
    }

    for (const [name, text] of Object.entries(nowhere)) {
      test(`${name} leads nowhere`, async () => {
        const raw = await converse(Buffer.concat([Buffer.from(text, 'latin1'), next]), 9)
        assert.equal((await raw.answer()).status, 404)
        assert.equal((await raw.answer()).status, 200)
        raw.close()
      })
    }

    test('what came before is answered, what comes after is not', async () => {
      const id = n => request(`${BASE}server.time`, { headers: { 'X-Request-Id': `n${n}` } })
      const earlier = await smuggled()
      const bytes = Buffer.concat([id(1), id(2), Buffer.from(refused['a folded line']), next])
      for (const piece of [bytes.length, 1, 11]) {
        const raw = await converse(bytes, piece)
        for (const n of [1, 2]) {
          const answer = await raw.answer()
          assert.equal(answer.status, 200)
          assert.equal(answer.headers['x-request-id'], `n${n}`)
        }
        assert.equal((await raw.answer()).status, 400)
        assert.equal(await raw.closed(), true)
        raw.close()
      }
      assert.equal(await smuggled(), earlier)
    })

    test('a header that comes with the buffer growing', async () => {
      const long = `X-Long: ${'y'.repeat(20_000)}\r\n`
      for (const [text, status] of [
        [`${GET}${HOST}${long}\r\n`, 200],
        [`${GET}${HOST}${long} folded\r\n\r\n`, 400],
        [`${POST}${long}Content-Lengt: 5\r\n h\r\n\r\nhello`, 400]
      ]) {
        for (const piece of [1000, 1447, 30_000]) {
          const raw = await converse(Buffer.from(text), piece)
          assert.equal((await raw.answer()).status, status)
          raw.close()
        }
      }
    })

    // Whatever a mutation makes of valid requests: the server answers exactly those that a reader
    // sees which knows nothing but the grammar, then refuses what that reader refuses.
    test('mutated requests are read as a strict reader reads them', async () => {
      let state = 20260101n
      const random = below => {
        state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn
        return Number((state >> 33n) % BigInt(below))
      }
      const pick = list => list[random(list.length)]
      const marks = '\r\n\0 \t:;,+-.0159afx/*#"?@[{\x7f\xff'
      const model = () => {
        const path = `${BASE}server.time`
        return pick([
          () => request(path),
          () => request(path, { verb: 'POST', body: 'a=1&b[c]=2' }),
          () => request(`${path}?a=1`, { verb: 'HEAD', headers: { 'X-A': 'b' } }),
          () => request(path, { verb: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"a":1}' }),
          () =>
            Buffer.from(
              `POST ${path} HTTP/1.1\r\nHost: a\r\ntransfer-encoding: chunked\r\nX-Y: z\r\n\r\n` +
                '3\r\na=1\r\n5;x=y\r\n&b=12\r\n0\r\n\r\n'
            ),
          () => Buffer.from(`POST ${path} HTTP/1.1\r\nTransfer-Encoding:chunked\r\nHost:a\r\n\r\n0\r\nT: 1\r\n\r\n`)
        ])()
      }
      const mutate = bytes => {
        const list = [...bytes]
        for (let n = random(3); n >= 0; n--) {
          const at = random(list.length)
          const mark = marks.charCodeAt(random(marks.length))
          pick([
            () => list.splice(at, 0, mark),
            () => list.splice(at, 1, mark),
            () => list.splice(at, 1),
            () => list.splice(at, 0, ...list.slice(at, at + 1 + random(30))),
            () => list.splice(at, 1 + random(4)),
            () => list.splice(at, 0, 13, 10),
            () => list.splice(at, 0, 13, 10, 32)
          ])()
        }
        return Buffer.from(list)
      }
      const check = async (bytes, piece) => {
        const wanted = readStream(bytes)
        const shown = JSON.stringify(bytes.toString('latin1'))
        const raw = await converse(bytes, piece)
        for (const one of wanted.requests) {
          const answer = await raw.answer({ bodiless: one.method === 'HEAD' })
          assert.ok(answer, `no answer to ${one.method} ${one.target} of ${shown}`)
          // A body that is no JSON is a 400 of its own: the request was read, and the next one is.
          assert.ok(answer.status !== 400 || answer.headers.connection !== 'close', shown)
          // A credential or an address that leads nowhere ends the connection before a body in chunks.
          if (answer.headers.connection === 'close' && [401, 404].includes(answer.status)) {
            await raw.closed()
            return raw.close()
          }
        }
        // What is not finished may be refused already. The answer to a HEAD has no body.
        if (!wanted.refused) raw.finish()
        const answer = await raw.answer({ bodiless: true })
        if (answer) assert.ok([400, 401, 404, 405, 413, 505].includes(answer.status), `${answer.status} to ${shown}`)
        await raw.closed()
        raw.close()
      }
      const cases = secure ? 150 : 3000
      let accepted = 0
      for (let done = 0; done < cases; done += 25) {
        const batch = Array.from({ length: 25 }, () => {
          const stream = Buffer.concat([mutate(model()), model(), random(2) ? mutate(model()) : model()])
          if (!readStream(stream).refused) accepted++
          return check(stream, pick([1, 2, 5, 17, 64, 100_000]))
        })
        await Promise.all(batch)
      }
      assert.ok(accepted > cases / 20 && accepted < (cases * 19) / 20, `${accepted} were valid`)
    })
  })
}
