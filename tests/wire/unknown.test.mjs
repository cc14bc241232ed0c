// --unknown-fields: the three modes over the wire, and what the log of calls says of what was left out.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { CODE, Server, rapport, stores } from './lib/server.mjs'

const start = mode => Server.start({ store: stores[0], args: ['--control', '--unknown-fields', mode] })

async function calls(server) {
  const ask = async (path, body) => {
    const answer = await fetch(`${server.url}_rapport/${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${CODE}` },
      body: body && JSON.stringify(body)
    })
    return answer.json()
  }
  const rows = await ask('calls')
  await ask('calls/clear', {})
  return rows
}

test('--unknown-fields takes one of three', () => {
  const { code, err } = rapport('serve', '--unknown-fields', 'maybe', '--data', '/nonexistent')
  assert.equal(code, 2)
  assert.match(err, /--unknown-fields takes portal, ignore or refuse/)
})

describe('portal', () => {
  let server
  before(async () => (server = await start('portal')))
  after(() => server?.stop())

  test('the log of calls says what was left out', async () => {
    await server.result('crm.lead.list', {
      filter: { '>NOPE': 1, ID: 1 },
      order: { PHONE: 'ASC', NOTHING: 'ASC' },
      select: ['ID', 'UF_CRM_1', 'UF_*'],
      nope: 1,
      __order: 'o0'
    })
    const id = await server.result('crm.lead.add', {
      fields: { TITLE: 'Left out', EMAIL: 'a@example.com', ID: 5, WHAT: 1 }
    })
    await server.result('user.get', { sort: 'NOPE', select: ['ID', 'NONE'], ID: 1 })
    await server.result('batch', {
      hault: 1,
      cmd: { a: `crm.lead.get?id=${id}&extra=1`, b: 'crm.lead.list?filter[NOPE]=1&select[]=ID' }
    })
    const rows = await calls(server)
    assert.deepEqual(
      rows.map(row => row.left_out),
      [
        ['parameters.nope', 'select.UF_CRM_1', 'order.PHONE', 'order.NOTHING', 'filter.NOPE'],
        ['fields.ID', 'fields.WHAT', 'fields.EMAIL'],
        ['select.NONE', 'order.NOPE'],
        ['parameters.hault']
      ]
    )
    assert.deepEqual(
      rows[3].commands.map(command => command.left_out),
      [['parameters.extra'], ['filter.NOPE']]
    )
  })

  test('a custom field that is not there is refused, also in a batch', async () => {
    const { result, result_error: errors } = await server.result('batch', {
      cmd: { a: 'crm.deal.list?filter[UF_ORDER]=7', b: 'crm.deal.get?id=1' }
    })
    assert.match(errors.a.error_description, /UF_ORDER \(in filter\). crm.deal.userfield.add makes one/)
    assert.equal(result.b.ID, '1')
  })
})

describe('a name that is cut in the middle of a letter', () => {
  let server
  before(async () => (server = await start('portal')))
  after(() => server?.stop())

  for (const format of ['.json', '.xml']) {
    test(`is answered as ${format} of whole letters, and told by the log of calls`, async () => {
      for (let ascii = 90; ascii < 97; ascii++) {
        const name = 'x'.repeat(ascii) + 'ж'.repeat(100)
        for (const field of [`UF_${name}`, name]) {
          const answer = await fetch(`${server.webhook}crm.deal.list${format}?filter[${encodeURIComponent(field)}]=1`)
          const text = new TextDecoder('utf-8', { fatal: true }).decode(await answer.arrayBuffer())
          assert.equal(answer.status, field === name ? 200 : 400)
          if (field !== name) assert.match(text, /no custom field UF_x+ж* \(in filter\)/)
        }
        const rows = await calls(server)
        assert.match(rows.at(-1).left_out[0], /^filter\.x+ж+$/)
      }
    })
  }
})

describe('ignore', () => {
  let server
  before(async () => (server = await start('ignore')))
  after(() => server?.stop())

  test('leaves all of them out', async () => {
    const rows = await server.result('crm.deal.list', { filter: { UF_ORDER: 7 }, order: { UF_X: 'ASC' }, select: ['ID'] })
    assert.equal(rows.length, 50)
    assert.equal(await server.result('crm.deal.update', { id: 1, fields: { UF_ORDER: 7 } }), true)
    assert.deepEqual(
      (await calls(server)).map(row => row.left_out),
      [['order.UF_X', 'filter.UF_ORDER'], ['fields.UF_ORDER']]
    )
  })
})

describe('refuse', () => {
  let server
  before(async () => (server = await start('refuse')))
  after(() => server?.stop())

  const refusals = [
    ['crm.lead.add', { fields: { TITEL: 'x' } }, 'Unknown field: TITEL (in fields)'],
    ['crm.lead.update', { id: 1, fields: { UF_X: 'x' } }, 'Unknown field: UF_X (in fields)'],
    ['crm.lead.list', { filter: { '=titel': 'x' } }, 'Unknown field: titel (in filter)'],
    ['crm.activity.list', { filter: { FILES: 'x' } }, 'Filter by FILES: this field cannot be filtered by'],
    ['crm.lead.list', { order: { TITEL: 'x' } }, 'Unknown field: TITEL (in order)'],
    ['crm.lead.list', { select: ['ID', 'TITEL'] }, 'Unknown field: TITEL (in select)'],
    ['crm.lead.list', { selekt: ['ID'] }, 'Unknown parameter: selekt'],
    ['crm.lead.add', { fields: { TITLE: 'x' }, params: { REGISTR: 'Y' } }, 'Unknown parameter: params.REGISTR'],
    ['crm.lead.get', { id: 1, name: 1 }, 'Unknown parameter: name'],
    ['crm.status.list', { order: { TITEL: 'x' } }, 'Unknown field: TITEL (in order)'],
    ['crm.status.list', { filter: { TITEL: 'x' } }, 'Unknown field: TITEL (in filter)'],
    ['crm.activity.add', { fields: { OWNER: 1 } }, 'Unknown field: OWNER (in fields)'],
    ['crm.activity.todo.add', { ownerTypeId: 1, ownerId: 1, dedline: 'x' }, 'Unknown parameter: dedline'],
    ['user.get', { NAMME: 'x' }, 'Unknown field: NAMME (in filter)'],
    ['user.get', { select: ['NAMME'] }, 'Unknown field: NAMME (in select)'],
    ['user.get', { sort: 'NAMME' }, 'Unknown field: NAMME (in order)'],
    ['user.update', { ID: 2, NAMME: 'x' }, 'Unknown field: NAMME (in fields)'],
    ['crm.lead.update', { id: 1, fields: { PHONE: [{ VALU: '1' }] } }, 'Unknown field: VALU (in fields)'],
    ['crm.multifield.fields', { NAMME: 'x' }, 'Unknown parameter: NAMME'],
    ['scope', { full: true, ful: true }, 'Unknown parameter: ful'],
    ['crm.lead.add', { fields: { TITLE: 'x', EMAIL: 'a@example.com' } }, 'EMAIL (in fields): it is a list of {VALUE, VALUE_TYPE}']
  ]
  for (const [method, params, text] of refusals) {
    test(`${method} ${JSON.stringify(params)}`, async () => {
      const { status, json } = await server.call(method, params)
      assert.deepEqual([status, json.error, json.error_description], [400, 'INVALID_ARG_VALUE', text])
      const batch = await server.result('batch', { cmd: { x: { method, params } } })
      assert.equal(batch.result_error.x.error_description, text)
    })
  }

  test('a parameter of a batch', async () => {
    const { status, json } = await server.call('batch', { hault: 1, cmd: { a: 'crm.lead.add?fields[TITLE]=Not%20made' } })
    assert.deepEqual([status, json.error_description], [400, 'Unknown parameter: hault'])
    assert.deepEqual(await server.result('crm.lead.list', { filter: { TITLE: 'Not made' }, select: ['ID'] }), [])
    await server.result('batch', { halt: 1, cmd: ['profile'], bx24_request_id: 'x' })
  })

  test('what is known passes, whatever its case, and what SDKs add', async () => {
    await server.result('crm.lead.list', { SELECT: ['ID', '*', 'UF_*'], FILTER: { '!ID': 1 }, ORDER: { ID: 'ASC' }, START: -1 })
    await server.result('crm.lead.list?bx24_request_id=1&__order=o', { select: ['PHONE'], auth: 'x' })
    await server.result('user.get', { ID: 1, start: 0 })
    await server.result('user.get', { FILTER: { NAME: 'A%' }, ADMIN_MODE: true })
    await server.result('user.search', { FIND: 'a' })
    await server.result('user.update', { ID: 2, NAME: 'Known', ACTIVE: true })
    await server.result('crm.lead.update', { id: 1, fields: { ID: 1, TITLE: 'read-only is no mistake' } })
    await server.result('crm.lead.update', { id: 1, fields: {}, params: { register_sonet_event: 'N' } })
    await server.result('crm.lead.fields')
    await server.result('profile')
  })
})
