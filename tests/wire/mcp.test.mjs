// /mcp: the official client finds, describes and calls methods; and what the transport refuses.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import http from 'node:http'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { CODE, Server, rapport } from './lib/server.mjs'

const META = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} }

describe('MCP', () => {
  let server
  const clients = []
  const connect = async code => {
    const client = new Client({ name: 'wire', version: '1' })
    await client.connect(new StreamableHTTPClientTransport(new URL(`${server.url}mcp`), {
      requestInit: code ? { headers: { Authorization: `Bearer ${code}` } } : {}
    }))
    clients.push(client)
    return client
  }
  const tool = async (client, name, args = {}) => {
    const { content, structuredContent, isError } = await client.callTool({ name, arguments: args })
    const told = JSON.parse(content[0].text)
    assert.deepEqual(Array.isArray(told) ? { items: told } : told, structuredContent)
    return { ...structuredContent, isError }
  }
  const post = async (message, headers = {}) => {
    const answer = await fetch(`${server.url}mcp`, {
      method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(message)
    })
    const text = await answer.text()
    return { status: answer.status, json: text ? JSON.parse(text) : null }
  }

  before(async () => {
    server = await Server.start({ args: ['--control'] })
  })
  after(async () => {
    for (const client of clients) await client.close()
    await server.stop()
  })

  test('an assistant adds a to-do to a deal, from a sentence', async () => {
    const client = await connect(CODE)
    assert.equal(client.getServerVersion().name, 'rapport')
    assert.match(client.getInstructions(), /find_methods/)
    const { tools } = await client.listTools()
    assert.deepEqual(tools.map(one => one.name), [
      'find_methods', 'describe_method', 'describe_portal', 'read', 'write', 'batch', 'last_calls', 'deliveries', 'control'
    ])
    assert.deepEqual(tools.filter(one => one.annotations.destructiveHint).map(one => one.name), ['write', 'batch', 'control'])

    const { methods } = await tool(client, 'find_methods', { query: 'todo add' })
    assert.equal(methods[0].method, 'crm.activity.todo.add')
    const described = await tool(client, 'describe_method', { method: methods[0].method })
    assert.ok(described.params.required.includes('ownerId'))
    assert.ok(described.errors.length > 0)
    const { result: deals } = await tool(client, 'read', {
      method: 'crm.deal.list', params: { filter: { '!TITLE': '' }, order: { ID: 'ASC' }, select: ['ID', 'TITLE'] }
    })
    const done = await tool(client, 'write', {
      method: 'crm.activity.todo.add',
      params: { ownerTypeId: 2, ownerId: Number(deals[0].ID), deadline: '2026-12-24T10:00:00', title: 'Send the offer' }
    })
    assert.equal(done.isError, false)
    assert.equal((await server.result('crm.activity.get', { id: done.result.id })).SUBJECT, 'Send the offer')
  })

  test('what a method refuses is told as an error of the tool', async () => {
    const client = await connect(CODE)
    const missing = await tool(client, 'read', { method: 'crm.deal.get', params: { id: 99999 } })
    assert.deepEqual([missing.isError, missing.error_description], [true, 'Not found'])
    assert.equal((await tool(client, 'read', { method: 'crm.deal.delete', params: { id: 1 } })).error, 'INVALID_TOOL')
    assert.equal((await server.call('crm.deal.get', { id: 1 })).status, 200)
    assert.equal((await tool(client, 'read', { method: 'crm.nothing' })).error, 'ERROR_METHOD_NOT_FOUND')
    assert.equal((await tool(client, 'describe_method', { method: 'tasks.task.list' })).isError, true)
    await assert.rejects(client.callTool({ name: 'none', arguments: {} }), { code: -32602 })
  })

  test('batch passes answers on; the last calls say what was left out', async () => {
    const client = await connect(CODE)
    const { result } = await tool(client, 'batch', {
      halt: 1, cmd: { made: 'crm.lead.add?fields[TITLE]=From+a+batch', lead: 'crm.lead.get?id=$result[made]' }
    })
    assert.equal(result.result.lead.TITLE, 'From a batch')
    await tool(client, 'write', { method: 'crm.lead.update', params: { id: 1, fields: { TITLE: 'x', NO_SUCH: 1 } } })
    const { calls } = await tool(client, 'last_calls', { method: 'crm.lead.update' })
    assert.equal(calls.at(-1).method, 'crm.lead.update')
    assert.match(JSON.stringify(calls.at(-1)), /NO_SUCH/)
  })

  test('the portal is described with what it has of its own', async () => {
    await server.result('crm.deal.userfield.add', {
      fields: { FIELD_NAME: 'ORDER', USER_TYPE_ID: 'string', EDIT_FORM_LABEL: { en: 'Order' } }
    })
    const portal = await tool(await connect(CODE), 'describe_portal')
    const deal = portal.types.find(type => type.code === 'DEAL')
    assert.deepEqual(deal.customFields, [{ name: 'UF_CRM_ORDER', type: 'string', label: 'Order', multiple: false }])
    assert.ok(portal.directories.some(one => one.directory === 'DEAL_STAGE' && one.code === 'WON' && one.semantics === 'S'))
    assert.ok(portal.users.length > 3)
  })

  test('faults, the clock and resets, for who tests against it', async () => {
    const client = await connect(CODE)
    const control = (action, params) => tool(client, 'control', { action, params })
    await control('faults', { method: 'crm.deal.get', error: 'OVERLOAD_LIMIT' })
    assert.equal((await control('faults')).items.length, 1)
    assert.equal((await tool(client, 'read', { method: 'crm.deal.get', params: { id: 1 } })).error, 'OVERLOAD_LIMIT')
    await control('faults/clear')
    assert.equal((await tool(client, 'read', { method: 'crm.deal.get', params: { id: 1 } })).isError, false)
    await control('clock/freeze', { at: '2026-03-01T10:00:00+00:00' })
    assert.match((await tool(client, 'read', { method: 'server.time' })).result, /^2026-03-01T/)
    await control('clock/resume')
    const { result: id } = await tool(client, 'write', { method: 'crm.lead.add', params: { fields: { TITLE: 'Gone soon' } } })
    await control('reset', { to: 'demo' })
    assert.equal((await server.call('crm.lead.get', { id })).status, 400)
    assert.equal((await control('nothing')).error, 'NOT_FOUND')
    const stranger = await connect()
    await assert.rejects(tool(stranger, 'control', { action: 'reset', params: { to: 'empty' } }), { code: 401 })
    assert.ok((await server.result('crm.deal.list', {})).length > 10)
  })

  test('a dry run answers, and nothing of it stays', async () => {
    const here = ['--data', server.dir, '--json']
    const { id: hook } = JSON.parse(rapport('hook', 'out', 'add', '--handler', 'http://127.0.0.1:9/dry', '--event', 'ONCRMDEALADD,ONCRMDEALUPDATE', ...here).out)
    const client = await connect(CODE)
    const dry = (method, params) => tool(client, 'write', { method, params, dryRun: true })
    const deals = async () => (await server.call('crm.deal.list', {})).json.total
    const before = [await deals(), await server.result('crm.deal.get', { id: 1 })]
    const made = await dry('crm.deal.add', { fields: { TITLE: 'Never' } })
    assert.equal(typeof made.result, 'number')
    assert.deepEqual(made.would_tell.map(one => [one.event, one.handlers, one.queued, one.addresses]), [
      ['ONCRMDEALADD', 1, false, ['http://127.0.0.1:9/dry']]
    ])
    assert.match(made.would_tell[0].data, /^data%5BFIELDS%5D%5BID%5D=\d+$/)
    // Of a batch, too: a command that fails tells nothing, and references work.
    const together = await tool(client, 'batch', {
      dryRun: true,
      cmd: {
        made: 'crm.deal.add?fields[TITLE]=Never',
        changed: 'crm.deal.update?id=$result[made]&fields[TITLE]=Never%20again',
        wrong: 'crm.deal.update?id=99999&fields[TITLE]=Never',
        read: 'crm.deal.get?id=$result[made]'
      }
    })
    assert.equal(together.result.result.read.TITLE, 'Never again')
    assert.equal(together.result.result_error.wrong.error_description, 'Not found')
    assert.deepEqual(together.would_tell.map(one => one.event), ['ONCRMDEALADD', 'ONCRMDEALUPDATE'])
    assert.equal((await tool(client, 'batch', { dryRun: true, cmd: { a: 'crm.deal.list?select[]=ID' } })).result.result.a.length > 10, true)
    const schema = await tool(client, 'batch', {
      dryRun: true, cmd: { a: 'crm.deal.userfield.add?fields[FIELD_NAME]=DRY&fields[USER_TYPE_ID]=string' }
    })
    assert.match(schema.error_description, /no dry run/)
    // What it binds is not bound, and what it removes still hears.
    assert.equal((await dry('event.bind', { event: 'ONCRMLEADADD', handler: 'http://127.0.0.1:9/dry' })).isError, true)
    assert.equal((await dry('crm.deal.update', { id: 1, fields: { TITLE: 'Never' } })).result, true)
    assert.equal((await dry('crm.deal.delete', { id: 1 })).result, true)
    assert.equal((await dry('crm.deal.update', { id: 99999, fields: {} })).isError, true)
    assert.equal((await dry('crm.deal.userfield.add', { fields: { FIELD_NAME: 'DRY', USER_TYPE_ID: 'string' } })).isError, true)
    assert.deepEqual([await deals(), await server.result('crm.deal.get', { id: 1 })], before)
    assert.deepEqual((await tool(client, 'deliveries')).deliveries.filter(one => one.handler.endsWith('/dry')), [])
    assert.equal((await server.call('crm.deal.fields', {})).json.result.UF_CRM_DRY, undefined)
    assert.equal(rapport('hook', 'out', 'remove', '--id', `${hook}`, ...here).code, 0)
  })

  test('deliveries of events say what is the matter', async () => {
    const here = ['--data', server.dir, '--json']
    const { id } = JSON.parse(rapport('hook', 'out', 'add', '--handler', 'http://127.0.0.1:9/closed', '--event', 'ONCRMLEADADD', ...here).out)
    const client = await connect(CODE)
    await tool(client, 'write', { method: 'crm.lead.add', params: { fields: { TITLE: 'Told' } } })
    for (let tries = 0; ; tries++) {
      const { deliveries } = await tool(client, 'deliveries')
      const one = deliveries.find(each => each.handler === 'http://127.0.0.1:9/closed')
      assert.ok(one, 'the event waits')
      assert.equal(one.event, 'ONCRMLEADADD')
      if (one.lastError || tries > 400) {
        assert.notEqual(one.lastError, '')
        break
      }
      await new Promise(resolve => setTimeout(resolve, 25))
    }
    assert.equal(rapport('hook', 'out', 'remove', '--id', `${id}`, ...here).code, 0)
  })

  test('resources and prompts', async () => {
    const client = await connect()
    const { resources } = await client.listResources()
    const read = async uri => JSON.parse((await client.readResource({ uri })).contents[0].text)
    assert.equal((await read(resources[0].uri)).openapi, '3.1.0')
    const { resourceTemplates } = await client.listResourceTemplates()
    assert.equal((await read(resourceTemplates[0].uriTemplate.replace('{name}', 'crm.deal.get'))).method, 'crm.deal.get')
    await assert.rejects(client.readResource({ uri: 'rapport://nothing' }), { code: -32602 })
    const { prompts } = await client.listPrompts()
    const prompt = await client.getPrompt({ name: prompts[0].name, arguments: { code: 'my-code.js' } })
    assert.match(prompt.messages[0].content.text, /my-code\.js$/)
  })

  test('arguments that a tool has not are refused', async () => {
    const own = await connect(CODE)
    const made = JSON.parse(rapport('webhook', 'add', '--user', '1', '--scope', 'user', '--json', '--data', server.dir).out)
    const narrow = await connect(made.code)
    for (const name of ['last_calls', 'deliveries']) {
      assert.equal((await tool(own, name)).isError ?? false, false)
      assert.equal((await tool(narrow, name)).isError, true, `${name} shows data of the CRM`)
    }
    // A name that is not there, or a value of another type, does nothing: above all no change that was meant to be tried.
    const deals = async () => (await server.result('crm.deal.list', { select: ['ID'] })).length
    const count = await deals()
    for (const [name, more, pattern] of [
      ['write', { dry_run: true }, /write has no argument dry_run; nothing was done/], ['write', { dryRun: 'perhaps' }, /dryRun of write is of type boolean/],
      ['write', { params: '{"fields":{}}' }, /params of write is of type object/], ['batch', { cmd: { a: 'crm.deal.add' }, dryrun: true }, /batch has no argument/], ['read', { dryRun: true }, /read has no argument/],
      ['find_methods', { words: 'deal' }, /find_methods has no argument words/], ['control', { action: 'reset', to: 'empty' }, /control has no argument to/]
    ]) {
      const answer = await own.callTool({ name, arguments: { ...(name === 'write' ? { method: 'crm.deal.add' } : {}), ...more } })
      assert.equal(answer.isError, true, name)
      assert.match(answer.content[0].text, pattern)
    }
    assert.equal(await deals(), count)
  })

  test('without a credential the reference is open, and no method is', async () => {
    const client = await connect()
    assert.ok((await tool(client, 'find_methods', { query: 'deal' })).found > 10)
    assert.ok((await tool(client, 'find_methods', { query: `${'deal '.repeat(200)}nothing` })).found > 10, 'no more words than are worth it')
    assert.equal((await tool(client, 'find_methods', { query: 'zebra whatsoever' })).found, 0)
    // As a person says it, and an assistant passes it on.
    for (const [query, wanted] of [['add a to-do to a deal', 'crm.activity.todo.add'], ['Create a new lead', 'crm.lead.add'], ['remove a contact', 'crm.contact.delete'], ['find companies', 'crm.company.list'], ['search for users', 'user.get']]) {
      const { methods } = await tool(client, 'find_methods', { query })
      assert.ok(methods.slice(0, 5).some(one => one.method === wanted), `${query}: ${methods.map(one => one.method).slice(0, 8)}`)
    }
    assert.equal((await tool(client, 'describe_portal')).isError, true)
    assert.equal((await tool(client, 'last_calls')).isError, true)
    assert.equal((await tool(client, 'deliveries')).isError, true)
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'read', arguments: { method: 'profile' } } }
    const answer = await post(call)
    assert.deepEqual([answer.status, answer.json.error.code, answer.json.id], [401, -32001, 1])
  })

  test('rights are those of the credential', async () => {
    const here = ['--data', server.dir, '--json']
    const { url } = JSON.parse(rapport('webhook', 'add', '--user', '4', '--scope', 'user', ...here).out)
    const client = await connect(url.split('/').at(-2))
    const refused = await tool(client, 'read', { method: 'crm.deal.list' })
    assert.deepEqual([refused.isError, refused.error], [true, 'insufficient_scope'])
    assert.equal((await tool(client, 'describe_portal')).isError, true)
    assert.equal((await tool(client, 'last_calls')).isError, true)
  })

  test('an application has its scope, whoever allowed it', async () => {
    const here = ['--data', server.dir, '--json']
    const app = JSON.parse(rapport('app', 'add', '--name', 'Narrow', '--redirect-uri', 'http://127.0.0.1:9/back', '--scope', 'crm', ...here).out)
    const token = JSON.parse(rapport('token', 'issue', '--app', `${app.id}`, '--user', '1', ...here).out)
    const client = await connect(token.access_token)
    assert.equal((await tool(client, 'describe_portal')).isError, false)
    for (const [name, args] of [['last_calls'], ['deliveries'], ['control', { action: 'clock' }]]) {
      const refused = await tool(client, name, args)
      assert.deepEqual([refused.isError, refused.error], [true, 'ACCESS_DENIED'], name)
    }
  })

  test('an answer that no assistant has room for is refused, and says so', async () => {
    const client = await connect(CODE)
    const cmd = {}
    for (let i = 0; i < 50; i++) cmd[`c${i}`] = 'crm.activity.list?select[]=*&select[]=DESCRIPTION'
    const large = await tool(client, 'batch', { cmd })
    assert.deepEqual([large.isError, large.error], [true, 'ANSWER_TOO_LARGE'])
    cmd.c0 = 'crm.lead.add?fields[TITLE]=Beside'
    const done = await tool(client, 'batch', { cmd })
    assert.equal(done.isError, false)
    assert.match(done.result, /^The call went through/)
    assert.equal((await server.result('crm.lead.list', { filter: { TITLE: 'Beside' } })).length, 1)
  })

  test('who may not see users is not shown them; a method sees its own last calls', async () => {
    const here = ['--data', server.dir, '--json']
    const { url } = JSON.parse(rapport('webhook', 'add', '--user', '1', '--scope', 'crm', ...here).out)
    const client = await connect(url.split('/').at(-2))
    const portal = await tool(client, 'describe_portal')
    assert.ok(portal.types.length > 3)
    assert.equal(portal.users, undefined)
    await server.result('crm.lead.fields', {})
    for (let i = 0; i < 40; i++) await server.result('server.time', {})
    const { calls } = await tool(await connect(CODE), 'last_calls', { method: 'crm.lead.fields' })
    assert.deepEqual(new Set(calls.map(one => one.method)), new Set(['crm.lead.fields']))
  })

  test('--mcp-open: on this machine alone, no credential is needed, and only there', async () => {
    const open = await Server.start({ args: ['--mcp-open', '--control'] })
    const client = new Client({ name: 'wire', version: '1' })
    await client.connect(new StreamableHTTPClientTransport(new URL(`${open.url}mcp`)))
    const deals = await tool(client, 'read', { method: 'crm.deal.list' })
    assert.ok(deals.result.length > 10)
    assert.ok((await tool(client, 'describe_portal')).users.length > 3)
    assert.equal((await tool(client, 'control', { action: 'clock' })).isError, false)
    await client.close()
    assert.equal((await fetch(`${open.url}rest/crm.deal.list`)).status, 401)
    assert.equal((await fetch(`${open.url}openapi.json?auth=`)).status, 401)
    const send = headers => fetch(`${open.url}mcp`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'read', arguments: { method: 'profile' } } })
    })
    assert.equal((await send({})).status, 200)
    assert.equal((await send({ Authorization: 'Bearer wrongwrongwrong' })).status, 401)
    assert.equal((await send({ Origin: 'http://evil.example' })).status, 403)
    await open.stop()
    for (const more of [['--listen', '0.0.0.0:0'], ['--trusted-proxy', '127.0.0.1'], ['--url', 'https://crm.example']]) {
      const { code, err } = rapport('serve', '--mcp-open', '--data', `${server.dir}-none`, ...more)
      assert.equal(code, 2)
      assert.match(err, /--mcp-open is for a server that listens on this machine alone/)
    }
  })

  test('the transport: POST alone, one message, no pages of other hosts, known revisions', async () => {
    const list = { jsonrpc: '2.0', id: 'a', method: 'tools/list' }
    assert.equal((await fetch(`${server.url}mcp`)).status, 405)
    // A message, and what is called by it, stands in the body; the address is not looked at.
    const inQuery = new URLSearchParams({ jsonrpc: '2.0', id: '1', method: 'tools/call', 'params[name]': 'read', auth: CODE })
    assert.equal((await fetch(`${server.url}mcp?${inQuery}`, { method: 'POST' })).status, 400)
    const profile = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'read', arguments: { method: 'profile' } } }
    const byAddress = await fetch(`${server.url}mcp?auth=${CODE}`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(profile)
    })
    assert.equal(byAddress.status, 401)
    assert.equal((await fetch(`${server.url}mcp`, { method: 'DELETE' })).status, 405)
    assert.equal((await post(list)).json.id, 'a')
    assert.equal((await post(list, { Origin: 'http://elsewhere.example' })).status, 403)
    assert.equal((await post(list, { Origin: server.url.slice(0, -1) })).status, 200)
    const rebound = await new Promise(resolve => http.request(`${server.url}mcp`, {
      method: 'POST', headers: { 'Content-Type': 'application/json', Host: 'evil.example', Origin: 'http://evil.example' }
    }, answer => resolve(answer.resume().statusCode)).end(JSON.stringify(list)))
    assert.equal(rebound, 403)
    assert.equal((await post([list])).status, 400)
    assert.equal((await post({ jsonrpc: '2.0', method: 'notifications/initialized' })).status, 202)
    assert.equal((await post({ ...list, method: 'nothing' })).json.error.code, -32601)
    assert.equal((await post(list, { 'MCP-Protocol-Version': '1999-01-01' })).status, 400)
    const write = {
      jsonrpc: '2.0', id: 1, method: 'tools/call',
      params: { name: 'write', arguments: { method: 'crm.lead.add', params: { fields: { TITLE: 'Foreign' } } } }
    }
    const foreign = await post(write, { Origin: 'http://elsewhere.example', Authorization: `Bearer ${CODE}` })
    assert.equal(foreign.status, 403)
    assert.deepEqual(await server.result('crm.lead.list', { filter: { TITLE: 'Foreign' } }), [])
  })

  test('messages of 2026-07-28 stand for themselves', async () => {
    const say = (method, params = {}, headers = {}) => post(
      { jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: META } },
      { 'MCP-Protocol-Version': '2026-07-28', 'Mcp-Method': method, ...headers }
    )
    const { json } = await say('server/discover')
    assert.ok(json.result.supportedVersions.includes('2026-07-28'))
    assert.deepEqual([json.result.resultType, json.result.cacheScope], ['complete', 'private'])
    assert.equal(json.result._meta['io.modelcontextprotocol/serverInfo'].name, 'rapport')
    assert.equal((await say('tools/list')).json.result.ttlMs, 60000)
    const called = await say('tools/call', { name: 'read', arguments: { method: 'server.time' } }, {
      'Mcp-Name': 'read', Authorization: `Bearer ${CODE}`
    })
    assert.deepEqual([called.json.result.resultType, called.json.result.isError], ['complete', false])
    assert.equal((await say('tools/call', { name: 'read', arguments: { method: 'server.time' } })).json.error.code, -32020)
    assert.equal((await say('tools/list', {}, { 'Mcp-Method': 'ping' })).json.error.code, -32020)
    assert.equal((await say('initialize')).status, 404)
    const old = await post({
      jsonrpc: '2.0', id: 1, method: 'tools/list',
      params: { _meta: { ...META, 'io.modelcontextprotocol/protocolVersion': '2030-01-01' } }
    })
    assert.deepEqual([old.status, old.json.error.code, old.json.error.data.requested], [400, -32022, '2030-01-01'])
  })

  const old = Number(process.versions.node.split('.')[0]) < 20
  test('the client of 2026-07-28 speaks it', { skip: old && 'it wants Node.js 20' }, async () => {
    const modern = await import('@modelcontextprotocol/client')
    const sent = []
    const client = new modern.Client({ name: 'wire', version: '1' }, { versionNegotiation: { mode: 'auto' } })
    await client.connect(new modern.StreamableHTTPClientTransport(new URL(`${server.url}mcp`), {
      requestInit: { headers: { Authorization: `Bearer ${CODE}` } },
      fetch: (url, init) => {
        sent.push(new Headers(init.headers).get('mcp-method'))
        return fetch(url, init)
      }
    }))
    assert.equal(client.getNegotiatedProtocolVersion(), '2026-07-28')
    assert.equal((await client.listTools()).tools.length, 9)
    const { structuredContent } = await client.callTool({
      name: 'write', arguments: { method: 'crm.lead.add', params: { fields: { TITLE: 'Modern' } } }
    })
    assert.equal((await server.result('crm.lead.get', { id: structuredContent.result })).TITLE, 'Modern')
    assert.match((await client.readResource({ uri: 'rapport://method/crm.deal.get' })).contents[0].text, /"crm.deal.get"/)
    assert.deepEqual(sent, ['server/discover', 'tools/list', 'tools/call', 'resources/read'])
    await client.close()
  })
})
