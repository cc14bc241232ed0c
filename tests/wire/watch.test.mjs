// What watches a server: health, readiness, metrics, lines of the log.
import { describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { CODE, Server, rapport, stores } from './lib/server.mjs'

const promtool = (args, input) => {
  const { status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' })
  assert.equal(status, 0, stdout + stderr)
}

// { 'rapport_requests_total{method="x",code=""}': 3, ... }
function readMetrics(text) {
  const found = {}
  for (const line of text.split('\n')) {
    if (!line || line.startsWith('#')) continue
    const [, key, number] = /^(\S+(?:\{.*\})?) (\S+)$/.exec(line)
    assert.ok(!(key in found), `${key} twice`)
    found[key] = Number(number)
  }
  return found
}

for (const store of stores) {
  describe(`a server that is watched on ${store.name}`, () => {
    const of = async (address, init) => {
      const answer = await fetch(address, init)
      return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() }
    }
    const start = async (...args) => {
      const server = await Server.start({ store, args: ['--metrics-listen', '127.0.0.1:0', ...args] })
      const address = server.lines.find(line => line.startsWith('metrics ')).slice('metrics '.length)
      const place = ['--data', server.dir, ...(store.url ? ['--store', store.url] : [])]
      return { server, address, beside: new URL(address).origin, place }
    }

    test('what it does is counted, for Prometheus', async () => {
      const { server, address } = await start()
      for (let i = 0; i < 3; i++) await server.result('crm.deal.list')
      await server.result('crm.deal.update', { id: 1, fields: { TITLE: 'Counted' } })
      assert.equal((await server.call('crm.deal.get', { id: 99999 })).status, 400)
      for (const made of ['no.such', 'no.such"} 1', 'x'.repeat(300)]) await server.call(encodeURIComponent(made), {})
      await server.result('batch', { cmd: { a: 'crm.deal.list', b: 'crm.lead.get?id=1' } })
      const { status, type, text } = await of(address)
      assert.deepEqual([status, type], [200, 'text/plain; version=0.0.4; charset=utf-8'])
      promtool(['check', 'metrics'], text)
      const found = readMetrics(text)
      const requests = Object.fromEntries(Object.entries(found).filter(([key]) => key.startsWith('rapport_requests_total')))
      assert.deepEqual(requests, {
        'rapport_requests_total{method="batch",code=""}': 1,
        'rapport_requests_total{method="crm.deal.get",code=""}': 1,
        'rapport_requests_total{method="crm.deal.list",code=""}': 3,
        'rapport_requests_total{method="crm.deal.update",code=""}': 1,
        'rapport_requests_total{method="other",code="ERROR_METHOD_NOT_FOUND"}': 3
      })
      const bucket = bound => found[`rapport_request_duration_seconds_bucket{method="crm.deal.list",le="${bound}"}`]
      assert.equal(bucket('+Inf'), 3)
      assert.ok(bucket('0.0005') <= bucket('0.5') && bucket('0.5') <= 3)
      assert.equal(found['rapport_request_duration_seconds_count{method="crm.deal.list"}'], 3)
      assert.equal(found.rapport_commit_jobs_count, found.rapport_commit_duration_seconds_count)
      assert.ok(found.rapport_commit_jobs_count >= 1)
      assert.deepEqual([found.rapport_ready, found.rapport_requests_in_flight, found.rapport_faults_met_total], [1, 0, 0])
      assert.ok(found['rapport_credential_lookups_total{from="cache"}'] >= 5)
      assert.ok(found.process_resident_memory_bytes > 1e6 && found.process_open_fds > 5)
      assert.ok(Math.abs(found.process_start_time_seconds - Date.now() / 1000) < 120)
      assert.ok(!text.includes(CODE))
      await server.stop()
    })

    test('who may see it', async () => {
      const { server, address, beside, place } = await start()
      const main = `${server.url}metrics`
      const bearer = code => ({ headers: { Authorization: `Bearer ${code}` } })
      assert.equal((await of(main)).status, 401)
      const made = JSON.parse(rapport('webhook', 'add', '--user', '2', '--scope', 'crm', '--json', ...place).out)
      const [code] = made.url?.split('/').slice(-2) ?? [made.code]
      assert.equal((await of(main, bearer(code))).status, 403) // not an administrator
      const { status, text } = await of(main, bearer(CODE))
      assert.equal(status, 200)
      assert.equal(readMetrics(text).rapport_ready, 1)
      for (const [path, verb, status] of [['', 'GET', 404], ['rest/1/x/profile', 'GET', 404], ['metrics', 'POST', 405], ['metrics', 'HEAD', 200]])
        assert.equal((await of(`${beside}/${path}`, { method: verb })).status, status, `${verb} ${path}`)
      assert.equal((await of(address)).status, 200)
      await server.stop()
    })

    test('it is alive, and it is ready or says why not', async () => {
      const { server, beside, place } = await start('--require-https')
      const both = async path => {
        const [main, other] = [await of(`${server.url}${path}`), await of(`${beside}/${path}`)]
        assert.deepEqual([main.status, main.text], [other.status, other.text])
        return [main.status, main.text]
      }
      assert.deepEqual(await both('healthz'), [200, 'ok\n'])
      assert.deepEqual(await both('readyz'), [200, 'ready\n'])
      assert.equal(rapport('portal', 'close', ...place).code, 0)
      while ((await of(`${server.url}readyz`)).status === 200);
      assert.deepEqual(await both('readyz'), [503, 'the portal is closed for maintenance\n'])
      assert.deepEqual(await both('healthz'), [200, 'ok\n'])
      assert.equal(rapport('portal', 'open', ...place).code, 0)
      while ((await of(`${server.url}readyz`)).status !== 200);
      await server.stop()
    })

    test('while it ends it is not ready, and finishes what it has', async () => {
      const { server, beside } = await start()
      // A request that has half come: its end waits for the rest.
      const { port } = new URL(server.url)
      const slow = connect(Number(port), '127.0.0.1')
      slow.write(`POST /rest/1/${CODE}/crm.deal.list HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n`)
      const [more] = await once(slow, 'data')
      assert.match(String(more), /^HTTP\/1\.1 100 /)
      slow.write('{')
      server.kill('SIGTERM')
      let answer
      while ((answer = await of(`${beside}/readyz`)).status === 200);
      assert.deepEqual([answer.status, answer.text], [503, 'the server is ending\n'])
      slow.write('}')
      let said = ''
      for await (const piece of slow) said += piece
      assert.match(said, /^HTTP\/1\.1 200 /)
      assert.deepEqual(await server.exited, { code: 0, signal: null })
    })

    test('a request that takes long is told with what it did, and no values', async () => {
      const { server } = await start('--slow-request', '0.000001')
      await server.result('crm.deal.list', { filter: { '%TITLE': 'secretive', '>ID': 3 }, order: { ID: 'ASC' }, start: 0 })
      await server.result('batch', { cmd: { a: 'crm.deal.list', b: 'crm.lead.get?id=1' } })
      await server.stop({ keep: true })
      assert.match(server.log, /warn +slow: crm\.deal\.list [\d.]+ ms, [\d.]+ ms of it at work in 1 run, [1-9]\d* statements; asked: filter\[%TITLE\] filter\[>ID\] order\[ID\] start id=\w+/)
      assert.match(server.log, /slow: batch .*asked: crm\.deal\.list crm\.lead\.get id=/)
      assert.ok(!server.log.includes('secretive'))
    })

    test('its log as JSON: an object a line', async () => {
      const { server } = await start('--log-format', 'json')
      await server.result('crm.deal.list')
      await server.call(encodeURIComponent('a"b\\c'), {})
      await server.call(encodeURIComponent('ж'.repeat(200)), {}) // is cut inside a letter
      await server.stop({ keep: true })
      const lines = server.log.split('\n').map(line => JSON.parse(line))
      for (const line of lines) assert.match(line.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      const call = lines.find(line => line.method === 'crm.deal.list')
      assert.deepEqual([call.level, call.status, call.user, call.client], ['info', 200, 1, '127.0.0.1'])
      assert.match(call.message, /^200 crm\.deal\.list [\d.]+ ms$/)
      assert.ok(call.id && call.duration_ms > 0)
      assert.ok(lines.some(line => line.method === 'a"b\\c'))
      assert.ok(lines.some(line => line.method === 'ж'.repeat(149) + '\ufffd'))
      assert.ok(!lines.some(line => line.method === '/readyz'))
    })
  })
}

describe('a store that goes away', () => {
  test('is told, and found when it is back', { skip: !stores[1] && 'there is no PostgreSQL' }, async () => {
    const control = verb => spawnSync(fileURLToPath(new URL('../postgres.sh', import.meta.url)), [verb, process.env.RAPPORT_TEST_POSTGRES_DIR])
    const server = await Server.start({ store: stores[1], args: ['--metrics-listen', '127.0.0.1:0'] })
    const beside = new URL(server.lines.find(line => line.startsWith('metrics ')).slice('metrics '.length)).origin
    const status = async address => (await fetch(address)).status
    assert.equal(await status(`${beside}/readyz`), 200)
    control('kill')
    try {
      assert.equal(await status(`${beside}/readyz`), 503)
      assert.notEqual(await status(`${server.url}readyz`), 200)
      assert.equal(await status(`${beside}/healthz`), 200)
      const text = await (await fetch(`${beside}/metrics`)).text()
      promtool(['check', 'metrics'], text)
      assert.match(text, /\nrapport_ready 0\n/)
    } finally {
      control('restart')
    }
    while ((await status(`${beside}/readyz`)) !== 200);
    while ((await status(`${server.url}readyz`)) !== 200);
    await server.stop()
  })
})

test('the alerts are such that Prometheus takes them', () => {
  promtool(['check', 'rules', fileURLToPath(new URL('../../packaging/prometheus-alerts.yml', import.meta.url))])
})
