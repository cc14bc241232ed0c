// Behind a proxy, and under an address of its own: who is told which address, and whose word counts.
import { after, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { CODE, Server, activity, rapport } from './lib/server.mjs'
import { Receiver } from './lib/receiver.mjs'
import { exchange, request } from './lib/raw.mjs'

const PUBLIC = 'https://crm.example.com'
const BASE = `/rest/1/${CODE}/`

after(() => {
  Server.killAll()
  return Receiver.stopAll()
})

const get = (server, path, headers = {}) => exchange(server.port, request(path, { headers }))
const send = (server, path, params, headers = {}) =>
  exchange(
    server.port,
    request(path, {
      verb: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(params)
    })
  )
const forwarded = (client, more = {}) => ({ 'X-Forwarded-For': client, ...more })

// Every place where an address of this server is told, as { name: address }.
async function addresses(server, headers) {
  const run = (...args) => {
    const done = rapport(...args, '--data', server.dir, '--json')
    assert.equal(done.code, 0, done.err)
    return JSON.parse(done.out)
  }
  const receiver = await Receiver.start()
  const app = run('app', 'add', '--name', 'A', '--install-url', receiver.url, '--server-side')
  const [event] = await receiver.count(1)
  const issued = run('token', 'issue', '--app', String(app.id))
  const info = await send(server, '/rest/app.info', { auth: issued.access_token }, headers)
  const query = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: app.client_id,
    client_secret: app.client_secret,
    refresh_token: issued.refresh_token
  })
  const refreshed = await get(server, `/oauth/token/?${query}`, headers)
  const added = await send(
    server,
    `${BASE}crm.activity.add`,
    activity({ FILES: [{ fileData: ['a.txt', 'YQ=='] }] }),
    headers
  )
  const file = await get(server, `${BASE}crm.activity.list?filter[ID]=${added.json.result}&select[]=FILES`, headers)
  const webhook = run('webhook', 'add', '--user', '1')
  await receiver.stop()
  return {
    'the first webhook': server.lines.find(line => line.startsWith('webhook '))?.slice('webhook '.length),
    'a further webhook': webhook.url ?? webhook.webhook,
    'a token of the command line': issued.client_endpoint,
    'its domain': `${new URL(issued.client_endpoint).protocol}//${issued.domain}/`,
    'a refreshed token': refreshed.json.client_endpoint,
    'its server': refreshed.json.server_endpoint,
    'app.info': (info.json.result.install ?? info.json.result).client_endpoint,
    'a file': file.json.result[0].FILES[0].url,
    'an event': event.auth.client_endpoint,
    'the domain of an event': `${new URL(event.auth.client_endpoint).protocol}//${event.auth.domain}/`
  }
}

describe('the public address', () => {
  test('--url holds for all that is told, whatever a request says', async () => {
    const server = await Server.start({ args: ['--url', PUBLIC, '--trusted-proxy', '127.0.0.1'] })
    assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+\/$/, 'ready tells where it listens')
    const told = await addresses(server, {
      Host: 'other.example.org',
      'X-Forwarded-Host': 'third.example.org',
      'X-Forwarded-Proto': 'http'
    })
    for (const [name, address] of Object.entries(told))
      assert.ok(address?.startsWith(`${PUBLIC}/`), `${name}: ${address}`)
    await server.stop()
  })

  test('without it a trusted proxy tells', async () => {
    const server = await Server.start({ args: ['--trusted-proxy', '127.0.0.0/8'] })
    const told = await addresses(server, {
      Host: 'inside:8024',
      ...forwarded('192.0.2.7', { 'X-Forwarded-Host': 'crm.example.com', 'X-Forwarded-Proto': 'https' })
    })
    for (const name of ['a refreshed token', 'its server', 'app.info', 'a file'])
      assert.ok(told[name]?.startsWith(`${PUBLIC}/`), `${name}: ${told[name]}`)
    for (const name of ['the first webhook', 'a further webhook', 'a token of the command line', 'an event'])
      assert.ok(told[name]?.startsWith(server.url), `${name}: ${told[name]}`)
    await server.stop()
  })

  test('nobody else does', async () => {
    for (const args of [[], ['--trusted-proxy', '10.0.0.0/8', '--trusted-proxy', '192.168.1.1']]) {
      const server = await Server.start({ args })
      const headers = forwarded('192.0.2.7', {
        Host: 'crm.example.org',
        'X-Forwarded-Host': 'evil.example.com',
        'X-Forwarded-Proto': 'https',
        Forwarded: 'for=192.0.2.7;proto=https;host=evil.example.com'
      })
      const told = await addresses(server, headers)
      assert.ok(told['a file'].startsWith('http://crm.example.org/'))
      await server.stop()
      assert.ok(!server.log.includes('192.0.2.7'))
    }
  })

  test('an absolute address names the host, whatever the header says', async () => {
    const server = await Server.start()
    const added = await send(server, `${BASE}crm.activity.add`, activity({ FILES: [{ fileData: ['a', 'YQ=='] }] }))
    const path = `http://named.example.com${BASE}crm.activity.list?filter[ID]=${added.json.result}&select[]=FILES`
    const answer = await get(server, path, { Host: 'header.example.com' })
    assert.match(answer.json.result[0].FILES[0].url, /^http:\/\/named\.example\.com\//)
    await server.stop()
  })

  test('what is no network is refused', () => {
    for (const bad of ['localhost', '10.0.0.1/8', '10.0.0.0/33', '']) {
      const run = rapport('serve', '--data', '/nonexistent/x', '--trusted-proxy', '::1', '--trusted-proxy', bad)
      assert.equal(run.code, 2)
      assert.match(run.err, /--trusted-proxy takes an address or a network/)
    }
  })
})

describe('clients behind a trusted proxy', () => {
  test('the rate is each client’s own, and the log names him', async () => {
    const server = await Server.start({
      args: ['--trusted-proxy', '127.0.0.1', '--limit-rate', '0.001', '--limit-burst', '2']
    })
    const ask = headers => get(server, `${BASE}server.time`, headers).then(answer => answer.status)
    for (const client of ['192.0.2.1', '192.0.2.2', '2001:db8::1'])
      assert.deepEqual(
        [await ask(forwarded(client)), await ask(forwarded(client)), await ask(forwarded(client)), await ask(forwarded(client))],
        [200, 200, 200, 503]
      )
    // What a client sends itself stands further left.
    assert.equal(await ask(forwarded('198.51.100.1, 192.0.2.1')), 503)
    assert.equal(await ask({ Forwarded: 'for=198.51.100.1, for=192.0.2.1' }), 503)
    assert.equal(await ask({ 'X-Forwarded-For': ['198.51.100.1', '192.0.2.1'] }), 503)
    await server.stop()
    assert.match(server.log, /200 server\.time .* client=192\.0\.2\.2 /)
    assert.match(server.log, /503 server\.time .* client=2001:db8::1 /)
    assert.ok(!server.log.includes('198.51.100.1'))
  })

  test('--require-https believes the proxy, and nobody else', async () => {
    const https = { 'X-Forwarded-Proto': 'https' }
    for (const [args, headers, status] of [
      [['--trusted-proxy', '127.0.0.1'], https, 200],
      [['--trusted-proxy', '127.0.0.1'], { Forwarded: 'for=192.0.2.1;proto=https' }, 200],
      [['--trusted-proxy', '127.0.0.1'], { 'X-Forwarded-Proto': 'http' }, 400],
      [['--trusted-proxy', '127.0.0.1'], {}, 400],
      [['--trusted-proxy', '127.0.0.2'], https, 400],
      [[], https, 400],
      [['--url', PUBLIC], {}, 400]
    ]) {
      const server = await Server.start({ args: ['--require-https', ...args] })
      const answer = await get(server, `${BASE}server.time`, headers)
      assert.equal(answer.status, status, `${args} ${JSON.stringify(headers)}`)
      if (status !== 200) assert.equal(answer.json.error, 'INVALID_REQUEST')
      await server.stop()
    }
  })
})
