// Answers: how an address names a method and a format, the envelope, errors to the letter, batch.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { CODE, Server, activity, rapport, stores } from './lib/server.mjs'
import { exchange, request } from './lib/raw.mjs'
import { parseXml } from './lib/xml.mjs'

const BASE = `/rest/1/${CODE}/`
const JSON_TYPE = 'application/json; charset=utf-8'
const XML_TYPE = 'text/xml; charset=utf-8'
const TIME_KEYS = [
  'start',
  'finish',
  'duration',
  'processing',
  'date_start',
  'date_finish',
  'operating_reset_at',
  'operating'
]
const SCOPES = ['crm', 'department', 'placement', 'user', 'user.userfield', 'userfieldconfig'] // of the first webhook: all that have methods here
const PARTS = ['result', 'result_error', 'result_total', 'result_next', 'result_time']
const NOT_FOUND = { error: 'ERROR_METHOD_NOT_FOUND', error_description: 'Method not found!' }

function checkTime(time, text) {
  assert.deepEqual(Object.keys(time), TIME_KEYS)
  for (const key of ['start', 'finish', 'duration', 'processing', 'operating'])
    assert.equal(typeof time[key], 'number', key)
  assert.ok(time.start > 1.7e9 && time.finish >= time.start)
  assert.ok(Math.abs(time.finish - time.start - time.duration) < 0.001)
  assert.ok(time.processing >= 0 && time.operating > 0)
  for (const key of ['date_start', 'date_finish'])
    assert.match(time[key], /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/)
  assert.ok(Number.isInteger(time.operating_reset_at) && time.operating_reset_at > time.start)
  if (text) assert.match(text, /"operating_reset_at":\d{10}[,}]/)
}

for (const store of stores) {
  describe(`answers on ${store.name}`, () => {
    let server
    before(async () => {
      server = await Server.start({ store, args: ['--time-zone', 'Europe/Berlin'] })
    })
    after(() => server?.stop())

    const get = path => exchange(server.port, request(path))
    const batch = async (cmd, more = {}) => {
      const result = await server.result('batch', { cmd, ...more })
      assert.deepEqual(Object.keys(result), PARTS)
      return result
    }
    const total = async () => (await server.call('crm.activity.list', { select: ['ID'] })).json.total

    describe('addresses', () => {
      const good = [
        `${BASE}server.time`,
        `${BASE}server.time/`,
        `//rest//1//${CODE}//server.time//`,
        `/REST/1/${CODE}/Server.Time`,
        `${BASE}server.time.json`,
        `${BASE}SERVER.TIME.JSON/`,
        `${BASE}server.time?`,
        `${BASE}server.time/?a=b`,
        `${BASE}%73erver.time`,
        `http://elsewhere.example.org${BASE}server.time`,
        `/rest/server.time?auth=${CODE}`,
        `//rest//server.time//?auth=${CODE}`
      ]
      for (const path of good) {
        test(path.replace(CODE, 'CODE'), async () => {
          const answer = await get(path)
          assert.equal(answer.status, 200, answer.text)
          assert.equal(answer.headers['content-type'], JSON_TYPE)
          assert.match(answer.json.result, /^\d{4}-/)
        })
      }

      const missing = [
        `${BASE}no.such.method`,
        BASE,
        `/rest/1/${CODE}`,
        `${BASE}.json`,
        `${BASE}server.time.json.json`,
        `${BASE}server.time%00`,
        `${BASE}server.tim`,
        `${BASE}server/time`,
        `${BASE}%ff`,
        '/rest',
        '/favicon.ico',
        '/rest/x/y/profile',
        `/rest/${'9'.repeat(30)}/${CODE}/profile`,
        `/restless/1/${CODE}/profile`,
        '/../../etc/passwd',
        `${BASE}..%2f..%2fserver.time`,
        `/rest/no.such.method?auth=${CODE}`
      ]
      for (const path of missing) {
        test(`${path.replace(CODE, 'CODE')} is no method`, async () => {
          const answer = await get(path)
          assert.equal(answer.status, 404, answer.text)
          assert.deepEqual(answer.json, NOT_FOUND)
        })
      }
    })

    describe('formats', () => {
      test('.json and .xml by their content types, errors too', async () => {
        for (const [suffix, type] of [
          ['', JSON_TYPE],
          ['.json', JSON_TYPE],
          ['.xml', XML_TYPE],
          ['.XML', XML_TYPE],
          ['.xml/', XML_TYPE]
        ]) {
          for (const [path, status] of [
            ['server.time', 200],
            ['no.such.method', 404],
            ['crm.activity.get', 400]
          ]) {
            const answer = await get(`${BASE}${path}${suffix}`)
            assert.deepEqual([answer.status, answer.headers['content-type']], [status, type], path + suffix)
          }
        }
      })

      test('XML holds the same tree as JSON', async () => {
        const subject = 'Grüße <&"\'> ]]> 🙂\r\n\tend'
        const id = await server.result(
          'crm.activity.add',
          activity({ SUBJECT: subject, SETTINGS: { a: { 'b c': '1' }, list: ['x', 'y'] } })
        )
        for (const path of [
          `crm.activity.get?id=${id}`,
          'crm.activity.fields',
          'scope',
          'user.admin',
          'crm.status.list?filter[ENTITY_ID]=SOURCE',
          'crm.activity.list?filter[<ID]=4&order[ID]=asc',
          'batch?cmd[a]=scope&cmd[b]=no.such&cmd[c]=crm.activity.list',
          'no.such.method'
        ]) {
          const [name, query] = path.split('?')
          const plain = await get(`${BASE}${name}?${query ?? ''}`)
          const xml = await get(`${BASE}${name}.xml?${query ?? ''}`)
          const parsed = parseXml(xml.text)
          const { time, ...rest } = plain.json
          assert.deepEqual(Object.keys(parsed.response), Object.keys(plain.json), path)
          if (time) assert.deepEqual(Object.keys(parsed.response.time), TIME_KEYS)
          // The times of commands differ from call to call.
          delete rest.result?.result_time
          delete parsed.response.time
          if (name === 'batch') delete parsed.response.result.result_time
          assert.deepEqual(parsed.response, asXml(rest), path)
        }
        assert.equal(
          parseXml((await get(`${BASE}crm.activity.get.xml?id=${id}`)).text).response.result.SUBJECT,
          subject
        )
      })
    })

    describe('envelope', () => {
      test('time has its eight keys and types', async () => {
        for (const path of ['server.time', 'crm.activity.list', 'batch?cmd[a]=scope', 'batch']) {
          const answer = await get(BASE + path)
          checkTime(answer.json.time, answer.text)
        }
        checkTime(
          (await server.call('crm.activity.update', { id: 1, fields: { DESCRIPTION: 'time' } })).json.time
        )
      })

      test('dates are in the zone of the portal', async () => {
        const { result, time } = (await get(`${BASE}server.time`)).json
        const offset = /[+-]\d\d:\d\d$/.exec(result)[0]
        assert.ok(['+01:00', '+02:00'].includes(offset))
        assert.ok(time.date_start.endsWith(offset))
      })

      test('operating adds up for one method', async () => {
        const first = (await get(`${BASE}crm.activity.fields`)).json.time
        const second = (await get(`${BASE}crm.activity.fields`)).json.time
        assert.ok(second.operating > first.operating)
        assert.equal(second.operating_reset_at, first.operating_reset_at)
      })

      test('total and next are numbers; next is absent on the last page', async () => {
        const first = (await get(`${BASE}crm.activity.list?select[]=ID&order[ID]=asc`)).json
        assert.equal(first.result.length, 50)
        assert.equal(first.next, 50)
        assert.ok(Number.isInteger(first.total) && first.total > 50)
        let page = first
        const ids = page.result.map(row => row.ID)
        while (page.next) {
          page = (await get(`${BASE}crm.activity.list?select[]=ID&order[ID]=asc&start=${page.next}`)).json
          ids.push(...page.result.map(row => row.ID))
        }
        assert.equal(ids.length, first.total)
        assert.equal(new Set(ids).size, ids.length)
        const one = (await get(`${BASE}crm.activity.list?filter[ID]=1`)).json
        assert.equal(one.total, 1)
        assert.ok(!('next' in one))
        const none = (await get(`${BASE}crm.activity.list?filter[ID]=999999`)).json
        assert.deepEqual([none.result, none.total], [[], 0])
      })

      test('add answers an integer, update and delete true', async () => {
        const id = await server.result('crm.activity.add', activity())
        assert.ok(Number.isInteger(id))
        assert.equal(await server.result('crm.activity.update', { id, fields: { SUBJECT: 'New' } }), true)
        assert.equal(await server.result('crm.activity.delete', { id }), true)
      })
    })

    describe('errors', () => {
      let basic
      before(() => {
        const added = rapport(
          'webhook',
          'add',
          '--data',
          server.dir,
          '--user',
          '2',
          '--scope',
          '',
          '--json'
        )
        assert.equal(added.code, 0, added.err)
        basic = JSON.parse(added.out).url
      })

      const table = [
        ['crm.activity.get?id=999999', 400, '', 'Activity is not found'],
        ['crm.activity.get', 400, '', 'Activity is not found'],
        ['crm.activity.get?id[]=1', 400, '', "Parameter 'id' must not be an array."],
        ['crm.activity.list?filter=1', 400, '', "Parameter 'filter' must be array."],
        ['crm.activity.add?fields[SUBJECT]=', 400, '', 'The field SUBJECT is not defined or empty'],
        ['crm.activity.delete?id=999999', 400, '', 'Activity is not found'],
        ['no.such.method', 404, 'ERROR_METHOD_NOT_FOUND', 'Method not found!'],
        [
          'tasks.task.list',
          404,
          'ERROR_METHOD_NOT_FOUND',
          'Method not found! tasks.task.list is known, but not there yet.'
        ]
      ]
      for (const [path, status, error, text] of table) {
        test(`${path} answers ${status} ${error || text}`, async () => {
          const answer = await get(BASE + path)
          assert.equal(answer.status, status, answer.text)
          assert.deepEqual(answer.json, { error, error_description: text })
        })
      }

      test('a webhook without the scope', async () => {
        const { status, json } = await server.call('crm.activity.list', {}, { base: basic })
        assert.equal(status, 401)
        assert.deepEqual(json, {
          error: 'insufficient_scope',
          error_description: 'The request requires higher privileges than provided by the webhook token'
        })
        assert.equal((await server.call('profile', {}, { base: basic })).json.result.ID, '2')
        const inBatch = await server.result(
          'batch',
          { cmd: { a: 'crm.activity.list', b: 'scope' } },
          { base: basic }
        )
        assert.equal(inBatch.result_error.a.error, 'insufficient_scope')
        assert.deepEqual(inBatch.result, { b: [] })
      })

      test('a failed write leaves nothing behind', async () => {
        const before = await total()
        const wrong = activity({ FILES: [{ fileData: ['a.txt', 'YQ=='] }, 'nonsense'] })
        assert.equal((await server.call('crm.activity.add', wrong)).status, 400)
        assert.equal(await total(), before)
      })
    })

    describe('batch', () => {
      test('every part is a list when empty', async () => {
        for (const cmd of [undefined, [], {}, null, '']) {
          const result = await batch(cmd)
          for (const part of PARTS) assert.deepEqual(result[part], [], part)
        }
      })

      test('keys 0, 1, 2 make lists, others objects in the order of cmd', async () => {
        const list = await batch(['scope', 'crm.activity.list?filter[ID]=1&select[]=ID'])
        assert.deepEqual(list.result, [SCOPES, [{ ID: '1' }]])
        assert.deepEqual(list.result_error, [])
        assert.deepEqual(list.result_total, { 1: 1 })
        assert.deepEqual(list.result_next, [])
        assert.equal(list.result_time.length, 2)
        const object = await exchange(
          server.port,
          request(`${BASE}batch?cmd[z]=scope&cmd[10]=user.admin&cmd[a]=scope`)
        )
        assert.match(object.text, /"result":\{"z":\[.*"10":true,"a":\[/)
        const shuffled = await batch({ 1: 'scope', 0: 'user.admin' })
        assert.deepEqual(Object.keys(shuffled.result), ['0', '1'])
      })

      test('a gap makes an object of what is a list otherwise', async () => {
        const result = await batch(['no.such', 'scope', 'scope'])
        assert.deepEqual(result.result, { 1: SCOPES, 2: SCOPES })
        assert.deepEqual(result.result_error, [NOT_FOUND])
      })

      test('a failed command stands in result_error only', async () => {
        const result = await batch({
          a: 'crm.activity.get?id=999999',
          b: 'no.such',
          c: 'crm.activity.list?start=-1&select[]=ID',
          d: 'tasks.task.list'
        })
        assert.deepEqual(Object.keys(result.result), ['c'])
        assert.deepEqual(result.result_error.a, { error: '', error_description: 'Activity is not found' })
        assert.deepEqual(result.result_error.b, NOT_FOUND)
        assert.deepEqual(result.result_error.d, {
          error: 'ERROR_METHOD_NOT_FOUND',
          error_description: 'Method not found! tasks.task.list is known, but not there yet.'
        })
        assert.deepEqual(Object.keys(result.result_time), ['c'])
        checkTime(result.result_time.c)
      })

      test('result_total of list methods only, 0 too; result_next while there is one', async () => {
        const result = await batch({
          all: 'crm.activity.list',
          none: 'crm.activity.list?filter[ID]=999999',
          get: 'crm.activity.get?id=1'
        })
        assert.deepEqual(result.result_total, { all: await total(), none: 0 })
        assert.deepEqual(result.result_next, { all: 50 })
        assert.deepEqual(result.result.none, [])
      })

      test('halt stops at the first error', async () => {
        for (const halt of [1, true, '1', 'Y']) {
          const result = await batch({ a: 'scope', b: 'no.such', c: 'scope' }, { halt })
          assert.deepEqual(Object.keys(result.result), ['a'], `${halt}`)
          assert.deepEqual(Object.keys(result.result_error), ['b'])
        }
        for (const halt of [0, false, '0', undefined]) {
          const result = await batch({ a: 'scope', b: 'no.such', c: 'scope' }, { halt })
          assert.deepEqual(Object.keys(result.result), ['a', 'c'], `${halt}`)
        }
      })

      test('what was written before the halt stays', async () => {
        const before = await total()
        const add =
          'crm.activity.add?' +
          new URLSearchParams({
            'fields[OWNER_TYPE_ID]': 3,
            'fields[OWNER_ID]': 3,
            'fields[TYPE_ID]': 2,
            'fields[RESPONSIBLE_ID]': 1,
            'fields[SUBJECT]': 'In a batch',
            'fields[COMMUNICATIONS][0][VALUE]': '+49',
            'fields[COMMUNICATIONS][0][ENTITY_ID]': 3,
            'fields[COMMUNICATIONS][0][ENTITY_TYPE_ID]': 3
          })
        const result = await batch([add, 'crm.activity.add', add], { halt: 1 })
        assert.equal(result.result.length, 1)
        assert.ok(Number.isInteger(result.result[0]))
        assert.equal(await total(), before + 1)
      })

      test('a command refers to the results before it', async () => {
        const result = await batch({
          list: 'crm.activity.list?order[ID]=asc&select[]=ID&filter[>ID]=2',
          first: 'crm.activity.get?id=$result[list][0][ID]',
          more: 'crm.activity.list?order[ID]=asc&select[]=ID&start=-1&filter[%3EID]=%24result%5Blist%5D%5B49%5D%5BID%5D',
          text: 'crm.activity.list?filter[ID]=$result[first][ID]&select[]=ID',
          nowhere: 'crm.activity.get?id=$result[nosuch][0]'
        })
        assert.equal(result.result.first.ID, result.result.list[0].ID)
        assert.ok(Number(result.result.more[0].ID) > Number(result.result.list[49].ID))
        assert.deepEqual(result.result.text, [{ ID: result.result.first.ID }])
        assert.equal(result.result_error.nowhere.error_description, 'Activity is not found')
      })

      test('an add is referred to by its integer', async () => {
        const { SUBJECT, ...fields } = activity().fields
        const result = await batch({
          add: ['crm.activity.add', { fields: { ...fields, SUBJECT: 'Referred' } }],
          get: 'crm.activity.get?id=$result[add]'
        })
        assert.equal(result.result.get.ID, String(result.result.add))
        assert.equal(result.result.get.SUBJECT, 'Referred')
      })

      test('commands as text, pairs and objects', async () => {
        const result = await batch({
          a: 'crm.activity.get?id=1',
          b: ['crm.activity.get', { id: 1 }],
          c: { method: 'crm.activity.get', params: { id: 1 } },
          d: '/crm.activity.get.json?id=1'
        })
        assert.deepEqual(result.result_error, [])
        for (const key of ['b', 'c', 'd']) assert.deepEqual(result.result[key], result.result.a)
      })

      test('commands that are none fail by themselves', async () => {
        const result = await batch({ a: 1, b: '', c: null, d: {}, e: [], f: [['scope']], g: 'scope' })
        assert.deepEqual(Object.keys(result.result_error), ['a', 'b', 'c', 'd', 'e', 'f'])
        assert.deepEqual(Object.keys(result.result), ['g'])
        assert.equal((await batch({ a: 'server.time?x=%ff' })).result_error.a.error, 'INVALID_REQUEST')
      })

      test('cmd that is no collection is refused', async () => {
        for (const cmd of ['scope', 'no JSON {', 7, true]) {
          const { status, json } = await server.call('batch', { cmd })
          assert.deepEqual([status, json.error], [400, 'INVALID_REQUEST'], `${cmd}`)
        }
      })

      test('a batch inside of a batch is refused', async () => {
        const result = await batch({ a: 'batch?cmd[x]=scope' })
        assert.deepEqual(result.result_error.a, {
          error: 'ERROR_BATCH_METHOD_NOT_ALLOWED',
          error_description: 'Method is not allowed for batch usage'
        })
      })

      test('the 51st command is refused, the 50 before it run', async () => {
        const result = await batch(Array(52).fill('user.admin'))
        assert.deepEqual(result.result, Array(50).fill(true))
        const error = { error: 'ERROR_BATCH_LENGTH_EXCEEDED', error_description: 'Max batch length exceeded' }
        assert.deepEqual(result.result_error, { 50: error, 51: error })
      })

      test('the shape of fast_bitrix24', async () => {
        const cmd = {}
        for (let i = 0; i < 3; i++) {
          const order = `order${String(i).padStart(10, '0')}`
          cmd[order] = `crm.lead.add?__order=${order}&fields[NAME]=Bob&fields[TITLE]=Fast&`
        }
        const result = await batch(cmd, { halt: 0 })
        assert.deepEqual(Object.keys(result.result), Object.keys(cmd))
        for (const id of Object.values(result.result)) assert.ok(Number.isInteger(id))
        assert.deepEqual(result.result_error, [])
        const lead = await server.result('crm.lead.get', { id: result.result.order0000000000 })
        assert.equal(lead.NAME, 'Bob')
      })

      test('cmd by GET, by a form and as JSON text', async () => {
        const query = 'cmd[a]=scope&cmd[b]=crm.activity.list%3Ffilter%5BID%5D%3D1%26select%5B%5D%3DID&halt=0'
        const expected = { a: SCOPES, b: [{ ID: '1' }] }
        assert.deepEqual((await get(`${BASE}batch?${query}`)).json.result.result, expected)
        const form = request(`${BASE}batch`, {
          verb: 'POST',
          headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
          body: query
        })
        assert.deepEqual((await exchange(server.port, form)).json.result.result, expected)
        const text = JSON.stringify({ a: 'scope', b: 'crm.activity.list?filter[ID]=1&select[]=ID' })
        assert.deepEqual((await batch(text)).result, expected)
      })
    })
  })
}

// What a JSON tree reads as once it was XML: scalars are text, null, false and [] are empty, a list is
// a row of <item>.
function asXml(value) {
  if (value === null || value === false) return ''
  if (value === true) return '1'
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value))
    return value.length ? { item: value.length > 1 ? value.map(asXml) : asXml(value[0]) } : ''
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, asXml(inner)]))
}
