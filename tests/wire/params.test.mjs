// Parameters in every encoding, where a credential may stand, and what is malformed.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { CODE, Server, activity, stores } from './lib/server.mjs'
import { exchange, request } from './lib/raw.mjs'

const BASE = `/rest/1/${CODE}/`
const FORM = 'application/x-www-form-urlencoded'
const JSON_TYPE = 'application/json'
const MULTIPART = 'multipart/form-data; boundary=B'
const NOT_TEXT = 'The parameters are not valid UTF-8 or hold a NUL'
const NOT_JSON = 'The JSON is not valid'

// {a: {b: [1]}} -> [['a[b][0]', 1]]
function flat(value, name = '') {
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = name ? `${name}[${key}]` : key
    return typeof inner === 'object' ? flat(inner, path) : [[path, String(inner)]]
  })
}

const form = params => new URLSearchParams(flat(params)).toString()

function multipart(params, ...extra) {
  const parts = flat(params).map(
    ([name, value]) => `--B\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  )
  return [...parts, ...extra].join('') + '--B--\r\n'
}

const part = (name, value, headers = '') =>
  `--B\r\nContent-Disposition: form-data; name="${name}"${headers}\r\n\r\n${value}\r\n`

for (const store of stores) {
  describe(`parameters on ${store.name}`, () => {
    let server
    before(async () => {
      server = await Server.start({ store })
    })
    after(() => server?.stop())

    const send = bytes => exchange(server.port, bytes)
    const post = (path, type, body, more = {}) =>
      send(
        request(path, {
          verb: 'POST',
          headers: { ...(type === undefined ? {} : { 'Content-Type': type }), ...more },
          body
        })
      )
    const total = async () => (await server.call('crm.activity.list', { select: ['ID'] })).json.total
    // What the server says it understood: the SUBJECT that an activity got.
    const stored = async answer => {
      assert.equal(answer.status, 200, answer.text)
      return server.result('crm.activity.get', { id: answer.json.result })
    }

    describe('encodings', () => {
      const subject = 'Grüße, Привет, 你好 🙂 & "=" + % \n\t<b>'
      const params = activity({ SUBJECT: subject, SETTINGS: { a: { b: 'c' } } })
      const same = activityRow => {
        const { ID, CREATED, LAST_UPDATED, START_TIME, END_TIME, DEADLINE, ...rest } = activityRow
        return rest
      }

      test('form, JSON, multipart and query say the same', async () => {
        const add = `${BASE}crm.activity.add`
        const rows = []
        for (const answer of [
          await post(add, JSON_TYPE, JSON.stringify(params)),
          await post(add, FORM, form(params)),
          await post(add, MULTIPART, multipart(params)),
          await send(request(`${add}?${form(params)}`)),
          await post(`${add}?${form(params)}`, FORM, ''),
          // Many clients leave the brackets as they are.
          await post(add, FORM, form(params).replaceAll('%5B', '[').replaceAll('%5D', ']'))
        ])
          rows.push(same(await stored(answer)))
        assert.equal(rows[0].SUBJECT, subject)
        for (const row of rows.slice(1)) assert.deepEqual(row, rows[0])
      })

      test('the content type may be missing, odd or carry more', async () => {
        const json = JSON.stringify(params)
        for (const [type, body] of [
          [undefined, json],
          ['text/plain', json],
          ['text/plain;charset=UTF-8', json],
          ['application/json; charset=utf-8', json],
          ['Application/JSON', json],
          ['', json],
          ['application/octet-stream', json],
          ['application/json', `  \r\n${json}\n `],
          [undefined, form(params)],
          ['text/plain', form(params)],
          ['application/x-www-form-urlencoded; charset=UTF-8', form(params)],
          ['APPLICATION/X-WWW-FORM-URLENCODED', form(params)],
          ['multipart/form-data; charset=utf-8; boundary="B"', multipart(params)],
          ['Multipart/Form-Data;boundary=B', multipart(params)]
        ]) {
          const row = await stored(await post(`${BASE}crm.activity.add`, type, body))
          assert.equal(row.SUBJECT, subject, `${type}: ${body.slice(0, 40)}`)
        }
      })

      test('empty bodies of every kind are no parameters', async () => {
        for (const [type, body] of [
          [JSON_TYPE, ''],
          [JSON_TYPE, '{}'],
          [JSON_TYPE, '[]'],
          [JSON_TYPE, ' \n'],
          [FORM, ''],
          [FORM, '&'],
          [FORM, '&&='],
          [MULTIPART, '--B--\r\n'],
          [undefined, ''],
          [undefined, '{}']
        ]) {
          const answer = await post(`${BASE}server.time`, type, body)
          assert.equal(answer.status, 200, `${type}: ${body}`)
        }
      })

      test('a file of a multipart body is a file', async () => {
        const bytes = 'not Base64: \u0001 ä'
        const row = await stored(
          await post(
            `${BASE}crm.activity.add`,
            MULTIPART,
            multipart(
              params,
              part('fields[FILES][0][fileData]', bytes, '; filename="Büro.txt"\r\nContent-Type: text/plain')
            )
          )
        )
        const [{ FILES }] = await server.result('crm.activity.list', {
          filter: { ID: row.ID },
          select: ['FILES']
        })
        const file = await fetch(FILES[0].url)
        assert.equal(Buffer.from(await file.arrayBuffer()).toString(), bytes)
        assert.equal(file.headers.get('content-disposition'), "attachment; filename*=UTF-8''B%C3%BCro.txt")
      })

      test('the body goes before the query', async () => {
        const path = `${BASE}crm.activity.get?id=1`
        for (const [type, body] of [
          [JSON_TYPE, '{"id":2}'],
          [FORM, 'id=2'],
          [MULTIPART, multipart({ id: 2 })]
        ])
          assert.equal((await post(path, type, body)).json.result.ID, '2')
        assert.equal((await post(path, JSON_TYPE, '{"other":2}')).json.result.ID, '1')
        assert.equal((await post(path, JSON_TYPE, '')).json.result.ID, '1')
      })

      test('a name given twice means its last value', async () => {
        assert.equal((await send(request(`${BASE}crm.activity.get?id=1&id=2`))).json.result.ID, '2')
        assert.equal(
          (await post(`${BASE}crm.activity.get`, JSON_TYPE, '{"id":1,"id":2}')).json.result.ID,
          '2'
        )
      })

      test('telemetry of SDKs is ignored', async () => {
        const query =
          'bx24_request_id=0192-aa&bx24_sdk_ver=2.2.0&bx24_sdk_type=b24-js-sdk&__order=order0000000000'
        assert.equal((await post(`${BASE}crm.activity.get?${query}`, JSON_TYPE, '{"id":1}')).status, 200)
      })
    })

    describe('credentials', () => {
      const places = {
        'the path': () => send(request(`${BASE}profile`)),
        'the query': () => send(request(`/rest/profile?auth=${CODE}`)),
        'a form': () => post('/rest/profile', FORM, `auth=${CODE}`),
        JSON: () => post('/rest/profile', JSON_TYPE, JSON.stringify({ auth: CODE })),
        multipart: () => post('/rest/profile', MULTIPART, multipart({ auth: CODE })),
        'the query, under its other name': () => send(request(`/rest/profile?access_token=${CODE}`)),
        'JSON, under its other name': () => post('/rest/profile', 'application/json', `{"access_token":"${CODE}"}`),
        Bearer: () => send(request('/rest/profile', { headers: { Authorization: `Bearer ${CODE}` } })),
        'bearer, in small letters': () =>
          send(request('/rest/profile', { headers: { authorization: `bearer ${CODE}` } }))
      }
      for (const [place, call] of Object.entries(places)) {
        test(`in ${place}`, async () => {
          const answer = await call()
          assert.equal(answer.status, 200, answer.text)
          assert.equal(answer.json.result.ID, '1')
        })
      }

      const none = { error: 'NO_AUTH_FOUND', error_description: 'Wrong authorization data' }
      const wrong = { error: 'INVALID_CREDENTIALS', error_description: 'Invalid request credentials' }
      const unknown = { error: 'invalid_token', error_description: 'Unable to get application by token' }
      const refusals = [
        ['no credential', '/rest/profile', none],
        ['an empty one', '/rest/profile?auth=', none],
        ['one that is an array', `/rest/profile?auth[]=${CODE}`, none],
        ['a wrong code', '/rest/1/wrongcode/profile', wrong],
        ['a wrong code in the query', '/rest/profile?auth=wrongcode', unknown],
        ['a wrong code under its other name', '/rest/profile?access_token=wrongcode', unknown],
        ['one that is an array, under its other name', `/rest/profile?access_token[]=${CODE}`, none],
        ['the code of another user', `/rest/2/${CODE}/profile`, wrong],
        ['a code in other case', `/rest/1/${CODE.toUpperCase()}/profile`, wrong],
        ['a code with something after it', `/rest/1/${CODE}x/profile`, wrong],
        ['user 0', `/rest/0/${CODE}/profile`, wrong],
        ['a negative user', `/rest/-1/${CODE}/profile`, wrong],
        [
          'a good code in the query for a wrong one in the path',
          `/rest/1/wrongcode/profile?auth=${CODE}`,
          wrong
        ]
      ]
      for (const [name, path, error] of refusals) {
        test(`${name} is refused with 401`, async () => {
          const answer = await send(request(path))
          assert.equal(answer.status, 401)
          assert.deepEqual(answer.json, error)
        })
      }

      test('Basic is no credential', async () => {
        const answer = await send(request('/rest/profile', { headers: { Authorization: `Basic ${CODE}` } }))
        assert.deepEqual([answer.status, answer.json], [401, none])
      })

      test('the code never stands in the log', () => {
        assert.ok(server.log.includes(' profile '), 'the log names the calls')
        assert.ok(!server.log.includes(CODE))
      })
    })

    describe('malformed', () => {
      // Each: encoding, body, the text of INVALID_REQUEST (null: any).
      const refusals = {
        'JSON without an end': [JSON_TYPE, '{"id":1', NOT_JSON],
        'JSON with something after it': [JSON_TYPE, '{"id":1} x', NOT_JSON],
        'two JSON values': [JSON_TYPE, '{"id":1}{"id":2}', NOT_JSON],
        'JSON with a comma too many': [JSON_TYPE, '{"id":1,}', NOT_JSON],
        'JSON with single quotes': [JSON_TYPE, "{'id':1}", NOT_JSON],
        'JSON with a comment': [JSON_TYPE, '{"id":1 /* one */}', NOT_JSON],
        'JSON with NaN': [JSON_TYPE, '{"id":NaN}', NOT_JSON],
        'JSON with a bare control character': [JSON_TYPE, '{"id":"a\u0001"}', NOT_JSON],
        'JSON with half a surrogate': [JSON_TYPE, '{"id":"\\ud800"}', NOT_JSON],
        'JSON with NUL as an escape': [JSON_TYPE, '{"id":"\\u0000"}', NOT_JSON],
        'JSON with NUL in a key': [JSON_TYPE, '{"i\\u0000d":1}', NOT_JSON],
        'JSON with a NUL byte': [JSON_TYPE, '{"id":1}\0', NOT_JSON],
        'JSON that is not UTF-8': [JSON_TYPE, Buffer.from('7b226964223a22ff227d', 'hex'), NOT_JSON],
        'JSON in UTF-16': [JSON_TYPE, Buffer.from('{"id":1}', 'utf16le'), NOT_JSON],
        'JSON text': [JSON_TYPE, '"text"', null],
        'a JSON number': [JSON_TYPE, '1', null],
        'JSON null': [JSON_TYPE, 'null', null],
        'a form in JSON': [JSON_TYPE, 'id=1', null],
        'JSON nested too deeply': [JSON_TYPE, `{"id":${'['.repeat(40)}${']'.repeat(40)}}`, null],
        'JSON nested far too deeply': [JSON_TYPE, '['.repeat(100_000), null],
        'JSON with too many values': [JSON_TYPE, `[${'1,'.repeat(30_000)}1]`, null],
        'a form that is not UTF-8': [FORM, 'a=%ff', NOT_TEXT],
        'a form with raw bytes that are not UTF-8': [FORM, Buffer.from('613dff', 'hex'), NOT_TEXT],
        'a form with a cut letter': [FORM, 'a=%d0', NOT_TEXT],
        'a form with an overlong letter': [FORM, 'a=%c0%80', NOT_TEXT],
        'a form with a surrogate': [FORM, 'a=%ed%a0%80', NOT_TEXT],
        'a form with NUL': [FORM, 'a=b%00c', NOT_TEXT],
        'a form with NUL in a name': [FORM, 'a%00b=c', NOT_TEXT],
        'a form with a NUL byte': [FORM, 'a=b\0c', NOT_TEXT],
        'a form nested too deeply': [FORM, `a${'[b]'.repeat(40)}=1`, 'A parameter is nested too deeply'],
        'a form with too many values': [
          FORM,
          'a[]=&'.repeat(30_000),
          'The request holds too many parameters'
        ],
        'multipart without a boundary': [
          'multipart/form-data',
          multipart({ a: 1 }),
          'The content type names no boundary'
        ],
        'multipart of another boundary': ['multipart/form-data; boundary=C', multipart({ a: 1 }), null],
        'multipart without an end': [MULTIPART, part('a', '1'), null],
        'multipart cut in a header': [MULTIPART, '--B\r\nContent-Disposition: form-da', null],
        'multipart without a name': [
          MULTIPART,
          '--B\r\nContent-Disposition: form-data\r\n\r\n1\r\n--B--\r\n',
          null
        ],
        'multipart that is not UTF-8': [
          MULTIPART,
          Buffer.from(multipart({ a: '\u00ff' }), 'latin1'),
          NOT_TEXT
        ],
        'multipart with NUL': [MULTIPART, multipart({ a: 'b\0c' }), NOT_TEXT]
      }
      for (const [name, [type, body, text]] of Object.entries(refusals)) {
        test(name, async () => {
          const before = await total()
          const answer = await post(`${BASE}crm.activity.delete?id=3`, type, body)
          assert.equal(answer.status, 400, answer.text)
          assert.equal(answer.json.error, 'INVALID_REQUEST')
          if (text) assert.equal(answer.json.error_description, text)
          assert.deepEqual(Object.keys(answer.json), ['error', 'error_description'])
          assert.equal(await total(), before)
        })
      }

      test('a query that is not UTF-8, or has a NUL', async () => {
        for (const query of ['a=%ff', 'a=%00', '%00=a', 'a%5B%ff%5D=1']) {
          const answer = await send(request(`${BASE}server.time?${query}`))
          assert.equal(answer.status, 400, query)
          assert.equal(answer.json.error_description, NOT_TEXT)
        }
      })

      // Odd names are not refused: PHP takes them, so clients rely on it. The value read is `id`.
      const odd = [
        ['id=1&[]=2', '1'],
        ['id=1&=2', '1'],
        ['id=1&id[=2', '1'],
        ['id=1&]=2', '1'],
        ['+id=2', '2'],
        ['id=%31', '1'],
        ['id=1%', undefined],
        ['id=%zz', undefined],
        ['id=1&a[b=2', '1'],
        ['id=1&a[b]c[d]=2', '1'],
        ['id=1&a=b=c', '1'],
        ['&&id=1&&', '1'],
        ['ID=1', '1'],
        ['Id=1', '1']
      ]
      for (const [query, id] of odd) {
        test(`the odd query ${query}`, async () => {
          const answer = await send(request(`${BASE}crm.activity.get?${query}`))
          assert.equal(answer.status, id ? 200 : 400, answer.text)
          if (id) assert.equal(answer.json.result.ID, id)
        })
      }

      // A collection where one is wanted, in shapes that are none.
      const shapes = [
        [JSON_TYPE, '{"filter":"x"}', 400],
        [JSON_TYPE, '{"filter":1}', 400],
        [JSON_TYPE, '{"filter":true}', 400],
        [JSON_TYPE, '{"filter":null}', 200],
        [JSON_TYPE, '{"filter":""}', 200],
        [JSON_TYPE, '{"filter":[]}', 200],
        [JSON_TYPE, '{"filter":{}}', 200],
        [JSON_TYPE, '{"filter":[[]]}', 200],
        [JSON_TYPE, '{"order":"ID"}', 400],
        [JSON_TYPE, '{"filter":{"ID":{"a":{"b":1}}}}', null],
        [JSON_TYPE, '{"select":"ID"}', 200],
        [JSON_TYPE, '{"select":{"a":"ID"}}', 200],
        [JSON_TYPE, '{"select":[["ID"]]}', null],
        [JSON_TYPE, '{"start":[1]}', 400],
        [JSON_TYPE, '{"start":"abc"}', null],
        [JSON_TYPE, '{"start":1e300}', null],
        [JSON_TYPE, '{"start":-5}', null],
        [JSON_TYPE, '{"order":{"ID":["a"]}}', null],
        [FORM, 'filter=x', 400],
        [FORM, 'filter[]=x', null],
        [FORM, 'filter[ID][]=1&filter[ID][]=2', 200],
        [FORM, 'filter[ID]=1&filter[ID][]=2', 200],
        [FORM, 'filter[][ID]=1', null],
        [FORM, 'filter[', null],
        [FORM, 'order=ID', 400],
        [FORM, 'select=ID', 200],
        [FORM, 'select[a][b][c]=ID', null]
      ]
      for (const [type, body, status] of shapes) {
        test(`a list by ${body}`, async () => {
          const answer = await post(`${BASE}crm.activity.list`, type, body)
          if (status) assert.equal(answer.status, status, answer.text)
          // Whatever is made of it, it is no trouble of the server.
          else assert.ok([200, 400].includes(answer.status), answer.text)
          if (answer.status === 200) assert.ok(Array.isArray(answer.json.result))
          else assert.equal(typeof answer.json.error_description, 'string')
        })
      }
    })
  })
}
