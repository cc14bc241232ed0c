// What an address refuses, no other way in answers: the tools of /mcp, /openapi.json with a credential.
import { describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { listen } from './lib/listen.mjs'
import { CODE, Server, rapport } from './lib/server.mjs'

const TOOLS = {
  read: { method: 'crm.deal.list' },
  write: { method: 'crm.lead.add', params: { fields: { TITLE: 'By the back door' } } },
  batch: { cmd: { a: 'crm.deal.list' } },
  describe_portal: {},
  last_calls: {},
  deliveries: {}
}

// The code that each way in answers: of the address itself, of each tool, of the description with a credential.
async function answers(server, more = {}) {
  const headers = { ...more, 'Content-Type': 'application/json', Authorization: `Bearer ${CODE}` }
  const address = await fetch(`${server.webhook}crm.deal.list`, { headers: more })
  const codes = { address: (await address.json()).error }
  for (const [name, args] of Object.entries(TOOLS)) {
    const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }
    const answer = await fetch(`${server.url}mcp`, { method: 'POST', headers, body: JSON.stringify(message) })
    const { result } = await answer.json()
    codes[name] = result.structuredContent.error
    assert.equal(result.isError, codes[name] !== undefined)
  }
  codes.openapi = (await (await fetch(`${server.url}openapi.json`, { headers })).json()).error
  return codes
}

const kinds = codes => new Set(Object.values(codes))

const leads = async server => (await server.call('crm.lead.list', { filter: { TITLE: 'By the back door' } })).json.total

describe('every way in is one', () => {
  test('a closed portal', async () => {
    const server = await Server.start({ args: ['--control'] })
    assert.deepEqual(kinds(await answers(server)), new Set([undefined]))
    assert.equal(await leads(server), 1)
    assert.equal(rapport('portal', 'close', '--data', server.dir).code, 0)
    assert.deepEqual(kinds(await answers(server)), new Set(['PORTAL_DELETED']))
    assert.equal((await fetch(`${server.url}openapi.json`)).status, 200)
    assert.equal(rapport('portal', 'open', '--data', server.dir).code, 0)
    assert.equal(await leads(server), 1)
    await server.stop()
  })

  test('https alone', async () => {
    const server = await Server.start({ args: ['--control', '--require-https'] })
    assert.deepEqual(kinds(await answers(server)), new Set(['INVALID_REQUEST']))
    await server.stop()
  })

  test('a plan without REST, and a rate that is used up', async () => {
    const none = await Server.start({ args: ['--control', '--plan', 'free'] })
    assert.deepEqual(kinds(await answers(none)), new Set(['ACCESS_DENIED']))
    await none.stop()
    const slow = await Server.start({ args: ['--control', '--limit-rate', '0.001', '--limit-burst', '1'] })
    while ((await slow.call('server.time', {})).status === 200);
    assert.deepEqual(kinds(await answers(slow)), new Set(['QUERY_LIMIT_EXCEEDED']))
    await slow.stop()
  })

  test('an event of the portal itself', async () => {
    const server = await Server.start({ args: ['--control'] })
    let told
    const first = new Promise(resolve => (told = resolve))
    const handler = await listen((request, answer) => {
      answer.end()
      told(request.headers['x-rapport-event'])
    })
    const added = rapport('hook', 'out', 'add', '--handler', handler.url, '--event', 'ONCRMLEADADD', '--data', server.dir)
    assert.equal(added.code, 0)
    await server.result('crm.lead.add', { fields: { TITLE: 'Told' } })
    const heard = await first
    await handler.close()
    // Tools that only describe change nothing, and make no event.
    const { address, read, write, batch } = await answers(server, { 'X-Rapport-Event': heard })
    assert.deepEqual(kinds({ address, read, write, batch }), new Set(['INVALID_REQUEST']))
    assert.equal(await leads(server), 0)
    await server.stop()
  })
})
