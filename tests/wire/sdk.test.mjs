// The official SDK @bitrix24/b24jssdk as it comes from npm, over HTTPS and over plain HTTP.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import https from 'node:https'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { AjaxError, ApiVersion, B24Hook, SdkError, Text } from '@bitrix24/b24jssdk'
import { CODE, Server, activity, rapport, stores, tempDir } from './lib/server.mjs'
import { makeCertificates } from './lib/tls.mjs'

// The SDK's own limits are for the plans of Bitrix24; without this the tests would wait for them.
const restrictionParams = {
  rateLimit: { burstLimit: 1e6, drainRate: 1e6, adaptiveEnabled: false },
  adaptiveConfig: { enabled: false, thresholdPercent: 100, coefficient: 0, maxDelay: 0 },
  retryDelay: 1
}

const certificates = tempDir()
const tls = makeCertificates(certificates)
const ca = readFileSync(tls.ca)
after(() => rmSync(certificates, { recursive: true, force: true }))

// Version 2.2.0 calls `https://` whatever address it is given. For plain HTTP its axios instance,
// which it makes public for such cases, is told so.
function plainHook(url, code = CODE) {
  const b24 = new B24Hook({ b24Url: new URL(url).origin, userId: 1, secret: code }, { restrictionParams })
  b24.getHttpClient(ApiVersion.v2).ajaxClient.interceptors.request.use(config => {
    config.url = config.url.replace(/^https:/, 'http:')
    return config
  })
  return b24
}

function secureHook(url, code = CODE) {
  https.globalAgent.options.ca = ca // what NODE_EXTRA_CA_CERTS does at the start of a process
  return B24Hook.fromWebhookUrl(`${url}rest/1/${code}/`, { restrictionParams })
}

function download(url) {
  if (url.startsWith('http:')) return fetch(url).then(async answer => Buffer.from(await answer.arrayBuffer()))
  return new Promise((resolve, reject) => {
    https.get(url, { ca }, async answer => resolve(Buffer.concat(await answer.toArray()))).on('error', reject)
  })
}

const transports = [
  { name: 'HTTP', hook: plainHook, args: [] },
  { name: 'HTTPS', hook: secureHook, args: ['--tls-cert', tls.cert, '--tls-key', tls.key] }
]

for (const store of stores) {
  for (const transport of transports) {
    describe(`SDK over ${transport.name} on ${store.name}`, () => {
      let server, b24, hook
      before(async () => {
        server = await Server.start({ store, args: [...transport.args, '--time-zone', 'Europe/Moscow'] })
        hook = code => {
          const made = transport.hook(server.url, code)
          made.offClientSideWarning()
          return made
        }
        b24 = hook()
      })
      after(() => server?.stop())

      const call = (method, params) => b24.actions.v2.call.make({ method, params })
      const result = async (method, params) => {
        const response = await call(method, params)
        assert.ok(response.isSuccess, response.getErrorMessages().join())
        return response.getData().result
      }
      // The SDK throws most errors of a single call.
      const error = async work => {
        try {
          await work()
        } catch (thrown) {
          assert.ok(thrown instanceof AjaxError, `${thrown}`)
          return thrown
        }
        return assert.fail('no error was thrown')
      }

      test('a call and its answer', async () => {
        const response = await call('crm.activity.get', { id: 1 })
        assert.equal(response.isSuccess, true)
        assert.equal(response.getStatus(), 200)
        const { result: row, time } = response.getData()
        assert.equal(row.ID, '1')
        assert.ok(time.operating > 0 && Number.isInteger(time.operating_reset_at))
        assert.equal(response.isMore(), false)
      })

      test("the SDK's own health check and ping", async () => {
        assert.equal(await b24.tools.healthCheck.make(), true)
        assert.ok((await b24.tools.ping.make()) >= 0)
      })

      test('the life of an activity', async () => {
        const id = await result('crm.activity.add', activity({ SUBJECT: 'Из SDK', PRIORITY: 3 }))
        assert.ok(Number.isInteger(id))
        assert.equal(
          await result('crm.activity.update', { id, fields: { DESCRIPTION: 'Updated', COMPLETED: 'Y' } }),
          true
        )
        const row = await result('crm.activity.get', { id })
        assert.deepEqual(
          [row.SUBJECT, row.PRIORITY, row.DESCRIPTION, row.COMPLETED, row.STATUS],
          ['Из SDK', '3', 'Updated', 'Y', '2']
        )
        assert.equal(await result('crm.activity.delete', { id }), true)
        assert.equal((await error(() => call('crm.activity.get', { id }))).status, 400)
      })

      test('pages: total, next, and the page after', async () => {
        const first = await call('crm.activity.list', { select: ['ID'], order: { ID: 'ASC' } })
        assert.equal(first.getData().result.length, 50)
        assert.ok(first.getTotal() > 50)
        const seen = first.getData().result.map(row => row.ID)
        for (let page = first; page.isMore();) {
          page = await page.getNext(b24.getHttpClient(ApiVersion.v2))
          seen.push(...page.getData().result.map(row => row.ID))
        }
        assert.equal(new Set(seen).size, first.getTotal())
      })

      test('callMethod of older programs, with start', async () => {
        const first = await b24.callMethod('crm.activity.list', { select: ['ID'], order: { ID: 'ASC' } })
        const second = await b24.callMethod('crm.activity.list', { select: ['ID'], order: { ID: 'ASC' } }, 50)
        assert.equal(first.getTotal(), second.getTotal())
        assert.ok(Number(second.getData().result[0].ID) > Number(first.getData().result[49].ID))
      })

      test('callList, fetchList and callListMethod give every row once', async () => {
        const total = (await call('crm.activity.list', { select: ['ID'] })).getTotal()
        const method = 'crm.activity.list',
          params = { select: ['ID', 'SUBJECT'] }
        const list = await b24.actions.v2.callList.make({ method, params })
        assert.ok(list.isSuccess)
        const ids = list.getData().map(row => Number(row.ID))
        assert.equal(ids.length, total)
        assert.deepEqual(
          ids,
          [...new Set(ids)].sort((a, b) => a - b)
        )
        assert.deepEqual(Object.keys(list.getData()[0]), ['ID', 'SUBJECT'])
        const fetched = []
        for await (const chunk of b24.actions.v2.fetchList.make({ method, params })) {
          assert.ok(chunk.length <= 50)
          fetched.push(...chunk.map(row => Number(row.ID)))
        }
        assert.deepEqual(fetched, ids)
        const steps = []
        const old = await b24.callListMethod(method, params, step => steps.push(step))
        assert.equal(old.getData().length, total)
        assert.equal(steps.at(-1), 100)
      })

      test('callList with a filter', async () => {
        const list = await b24.actions.v2.callList.make({
          method: 'crm.activity.list',
          params: { filter: { TYPE_ID: 2, '<=ID': 80 }, select: ['ID', 'TYPE_ID'] }
        })
        assert.ok(list.getData().length > 0)
        for (const row of list.getData()) assert.ok(row.TYPE_ID === '2' && Number(row.ID) <= 80)
      })

      test('callList of companies, contacts, deals and leads', async () => {
        for (const method of ['crm.company.list', 'crm.contact.list', 'crm.deal.list', 'crm.lead.list']) {
          const total = (await call(method, { select: ['ID'] })).getTotal()
          const list = await b24.actions.v2.callList.make({ method, params: { select: ['ID'] } })
          assert.ok(total >= 60, method)
          assert.equal(list.getData().length, total, method)
        }
      })

      describe('batch', () => {
        const make = (calls, options = {}) => b24.actions.v2.batch.make({ calls, options })

        test('as an object', async () => {
          const response = await make({
            me: { method: 'profile' },
            one: ['crm.activity.get', { id: 1 }],
            list: { method: 'crm.activity.list', params: { filter: { ID: [1, 2] }, select: ['ID'] } }
          })
          assert.ok(response.isSuccess, response.getErrorMessages().join())
          const data = response.getData()
          assert.deepEqual(Object.keys(data), ['me', 'one', 'list'])
          assert.equal(data.one.ID, '1')
          assert.deepEqual(data.list.map(row => row.ID).sort(), ['1', '2'])
        })

        test('as an array', async () => {
          const response = await make([
            ['crm.activity.get', { id: 1 }],
            { method: 'crm.activity.get', params: { id: 2 } }
          ])
          assert.deepEqual(
            response.getData().map(row => row.ID),
            ['1', '2']
          )
        })

        test('with the answers whole', async () => {
          const response = await make(
            { list: ['crm.activity.list', { select: ['ID'] }] },
            { returnAjaxResult: true }
          )
          const { list } = response.getData()
          assert.equal(list.isMore(), true)
          assert.ok(list.getTotal() > 50)
          assert.equal(list.getData().result.length, 50)
        })

        test('errors by their keys, the rest runs', async () => {
          const response = await make(
            { missing: ['no.such.method', {}], good: ['crm.activity.get', { id: 1 }] },
            { isHaltOnError: false }
          )
          assert.equal(response.isSuccess, false)
          assert.deepEqual(Object.keys(response.getData()), ['good'])
          assert.deepEqual(response.getErrorMessagesByKey(), { missing: 'Method not found!' })
          assert.equal(response.errors.get('missing').code, 'ERROR_METHOD_NOT_FOUND')
        })

        // As live portals send it (fast_bitrix24, tests/real_responses); the SDK takes an error with
        // an empty code for a success without a result.
        test('an error without a code', async () => {
          const response = await make(
            { bad: ['crm.activity.get', { id: 999999 }], good: ['crm.activity.get', { id: 1 }] },
            { isHaltOnError: false }
          )
          assert.equal(response.getData().bad, undefined)
          assert.equal(response.getData().good.ID, '1')
        })

        test('an array with an error names its place', async () => {
          const response = await make(
            [
              ['profile', {}],
              ['no.such.method', {}],
              ['profile', {}]
            ],
            { isHaltOnError: false }
          )
          assert.equal(response.getData().length, 2)
          assert.deepEqual(Object.keys(response.getErrorMessagesByKey()), ['1'])
        })

        test('halts at an error', async () => {
          const response = await make(
            { a: ['profile', {}], b: ['no.such.method', {}], c: ['profile', {}] },
            { isHaltOnError: true }
          )
          assert.deepEqual(Object.keys(response.getData()), ['a'])
          assert.deepEqual([...response.errors.keys()], ['b'])
        })

        test('refers to earlier results', async () => {
          const response = await make({
            list: ['crm.activity.list', { select: ['ID'], order: { ID: 'DESC' } }],
            last: ['crm.activity.get', { id: '$result[list][0][ID]' }]
          })
          assert.equal(response.getData().last.ID, response.getData().list[0].ID)
        })

        test('many commands by chunks of 50', async () => {
          const calls = Array.from({ length: 120 }, (_, i) => [
            'crm.activity.update',
            { id: 1 + (i % 60), fields: { DESCRIPTION: `Глава ${i} & = ? #` } }
          ])
          const response = await b24.actions.v2.batchByChunk.make({ calls, options: { isHaltOnError: true } })
          assert.ok(response.isSuccess, response.getErrorMessages().join())
          assert.deepEqual(response.getData(), Array(120).fill(true))
          for (const i of [60, 119])
            assert.equal(
              (await result('crm.activity.get', { id: 1 + (i % 60) })).DESCRIPTION,
              `Глава ${i} & = ? #`
            )
        })

        test('callBatch of older programs', async () => {
          const response = await b24.callBatch({ one: ['crm.activity.get', { id: 1 }] })
          assert.equal(response.getData().one.ID, '1')
          assert.equal((await b24.callBatchByChunk([['profile', {}]], true)).getData().length, 1)
        })

        test("too many at once is the SDK's own refusal", async () => {
          const thrown = await error(() => make(Array(51).fill(['profile', {}])))
          assert.equal(thrown.code, 'JSSDK_BATCH_TOO_LARGE')
        })
      })

      describe('errors', () => {
        test('a method that does not exist', async () => {
          const thrown = await error(() => call('no.such.method'))
          assert.deepEqual(
            [thrown.code, thrown.status, thrown.message],
            ['ERROR_METHOD_NOT_FOUND', 404, 'Method not found!']
          )
          assert.ok(thrown instanceof SdkError)
        })

        test('a method that is not here yet', async () => {
          const began = Date.now()
          const thrown = await error(() => call('tasks.task.list'))
          assert.deepEqual(
            [thrown.code, thrown.status, thrown.message],
            ['ERROR_METHOD_NOT_FOUND', 404, 'Method not found! tasks.task.list is known, but not there yet.']
          )
          assert.ok(Date.now() - began < 1000, 'the SDK does not call again')
        })

        test('a wrong code', async () => {
          const thrown = await error(() => hook('wrongcode').actions.v2.call.make({ method: 'profile' }))
          assert.deepEqual(
            [thrown.code, thrown.status, thrown.message],
            ['INVALID_CREDENTIALS', 401, 'Invalid request credentials']
          )
        })

        test('a webhook without the scope', async () => {
          const added = rapport(
            'webhook',
            'add',
            '--data',
            server.dir,
            '--user',
            '1',
            '--scope',
            '',
            '--json'
          )
          const thrown = await error(() =>
            hook(JSON.parse(added.out).code).actions.v2.call.make({ method: 'crm.activity.list' })
          )
          assert.deepEqual([thrown.code, thrown.status], ['insufficient_scope', 401])
        })

        test('a webhook with every scope there is', async () => {
          const scopes = await result('scope', { full: true })
          assert.ok(scopes.join(',').length > 500 && !scopes.includes('basic'))
          const all = rapport('webhook', 'add', '--data', server.dir, '--user', '1', '--scope', scopes.join(','), '--json')
          assert.equal(all.code, 0, all.err)
          const wide = hook(JSON.parse(all.out).code)
          const answer = await wide.actions.v2.call.make({ method: 'scope' })
          assert.deepEqual(answer.getData().result, scopes)
          const basic = rapport('webhook', 'add', '--data', server.dir, '--user', '1', '--scope', 'crm,basic')
          assert.deepEqual([basic.code, basic.out], [2, ''])
          assert.match(basic.err, /unknown scope basic/)
        })

        test("a method's own error has no code, so the SDK gives its own", async () => {
          const thrown = await error(() => call('crm.activity.add', { fields: { SUBJECT: '' } }))
          assert.deepEqual([thrown.code, thrown.status], ['ERR_BAD_REQUEST', 400])
          assert.equal(
            thrown.originalError.response.data.error_description,
            'The field SUBJECT is not defined or empty'
          )
        })

        test('an error does not carry the secret', async () => {
          const thrown = await error(() => call('no.such.method', { a: 1 }))
          assert.ok(!JSON.stringify(thrown).includes(CODE))
        })
      })

      test("dates go in as any zone and come back in the portal's", async () => {
        const start = new Date('2026-03-01T10:00:00.000Z')
        const id = await result(
          'crm.activity.add',
          activity({ START_TIME: start, END_TIME: '2026-03-01T16:30:00+05:00' })
        )
        const row = await result('crm.activity.get', { id })
        assert.equal(row.START_TIME, '2026-03-01T13:00:00+03:00')
        assert.equal(row.END_TIME, '2026-03-01T14:30:00+03:00')
        assert.equal(Text.toDateTime(row.START_TIME).toMillis(), start.getTime())
        assert.ok(Math.abs(Text.toDateTime(row.CREATED).toMillis() - Date.now()) < 60_000)
        const list = await result('crm.activity.list', {
          filter: { '>=START_TIME': start, '<=START_TIME': Text.toB24Format(start), ID: id },
          select: ['ID']
        })
        assert.deepEqual(list, [{ ID: String(id) }])
      })

      test('files go in as Base64 and come back byte for byte', async () => {
        const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7 + (i >> 8)) & 255))
        const id = await result(
          'crm.activity.add',
          activity({
            FILES: [
              { fileData: ['Отчёт.bin', bytes.toString('base64')] },
              { fileData: ['empty.txt', Buffer.from(' ').toString('base64')] }
            ]
          })
        )
        const files = async () =>
          (await result('crm.activity.list', { filter: { ID: id }, select: ['FILES'] }))[0].FILES
        const [first, second] = await files()
        assert.ok(Number.isInteger(first.id))
        assert.ok(first.url.startsWith(server.url))
        assert.deepEqual(await download(first.url), bytes)
        assert.equal((await download(second.url)).toString(), ' ')
        await result('crm.activity.update', {
          id,
          fields: { FILES: [second.id, { fileData: ['new.txt', 'bmV3'] }] }
        })
        const kept = await files()
        assert.equal(kept.length, 2)
        assert.ok(!kept.some(file => file.id === first.id))
        assert.equal((await download(kept.find(file => file.id !== second.id).url)).toString(), 'new')
        assert.equal((await download(first.url)).includes('NOT_FOUND'), true)
      })

      test('many calls at the same time', async () => {
        const ids = await Promise.all(
          Array.from({ length: 60 }, (_, i) =>
            result('crm.activity.add', activity({ SUBJECT: `At once ${i}` }))
          )
        )
        assert.equal(new Set(ids).size, ids.length)
        const rows = await Promise.all(ids.map(id => result('crm.activity.get', { id })))
        rows.forEach((row, i) => assert.equal(row.SUBJECT, `At once ${i}`))
      })
    })
  }
}

describe('SDK and certificates', () => {
  let server
  before(async () => {
    server = await Server.start({ args: transports[1].args })
  })
  after(() => server?.stop())

  const user = env =>
    promisify(execFile)(
      process.execPath,
      [fileURLToPath(new URL('lib/sdk-user.mjs', import.meta.url)), server.webhook],
      {
        env: { ...process.env, NODE_EXTRA_CA_CERTS: '', ...env }
      }
    )

  test('a program that trusts the authority by NODE_EXTRA_CA_CERTS is served', async () => {
    const { stdout } = await user({ NODE_EXTRA_CA_CERTS: tls.ca })
    assert.equal(JSON.parse(stdout).ID, '1')
  })

  test('a program that does not trust it is not', async () => {
    await assert.rejects(user({}), /certificate/i)
  })

  test('plain HTTP on the port of HTTPS is not answered', async () => {
    await assert.rejects(fetch(server.webhook.replace('https:', 'http:') + 'profile'))
  })

  test('fromWebhookUrl takes https only, as the SDK has it', () => {
    assert.throws(() => B24Hook.fromWebhookUrl(server.webhook.replace('https:', 'http:')), /HTTPS/)
  })
})
