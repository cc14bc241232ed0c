// Custom fields while a server runs: a batch makes one and uses it, everybody sees it in the next request, and a
// backup, a reset and a kill leave a portal that knows what it has.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { CODE, Server, rapport, stores, tempDir } from './lib/server.mjs'

const field = (name, more = {}) => ({ fields: { FIELD_NAME: name, USER_TYPE_ID: 'string', ...more } })
const query = params => new URLSearchParams(params).toString()

for (const store of stores) {
  describe(`custom fields, ${store.name}`, () => {
    let server
    before(async () => {
      server = await Server.start({ store, args: ['--log', 'error', '--control'] })
    })
    const control = async (path, params) => {
      const answer = await fetch(`${server.url}_rapport/${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${CODE}` },
        body: JSON.stringify(params)
      })
      assert.equal(answer.status, 200, await answer.clone().text())
    }
    after(() => Server.killAll())

    test('a batch makes a field and uses it in its next command', async () => {
      const { json } = await server.call('batch', {
        halt: 0,
        cmd: {
          before: 'crm.deal.add?fields[TITLE]=Before',
          field: 'crm.deal.userfield.add?fields[FIELD_NAME]=BATCH&fields[USER_TYPE_ID]=string',
          deal: 'crm.deal.add?fields[TITLE]=Behind&fields[UF_CRM_BATCH]=x-$result[field]',
          wrong: 'crm.deal.userfield.add?fields[FIELD_NAME]=BATCH&fields[USER_TYPE_ID]=string',
          again: 'crm.deal.userfield.add?fields[FIELD_NAME]=BATCH_2&fields[USER_TYPE_ID]=integer&fields[MULTIPLE]=Y',
          update: 'crm.deal.update?id=$result[deal]&fields[UF_CRM_BATCH_2][0]=4&fields[UF_CRM_BATCH_2][1]=5',
          get: 'crm.deal.get?id=$result[deal]',
          list: 'crm.deal.list?filter[UF_CRM_BATCH_2]=5&select[]=UF_*'
        }
      })
      const { result, result_error: error, result_total: total } = json.result
      assert.deepEqual(Object.keys(error), ['wrong'])
      assert.equal(result.get.UF_CRM_BATCH, `x-${result.field}`)
      assert.deepEqual(result.get.UF_CRM_BATCH_2, ['4', '5'])
      assert.deepEqual(result.list, [
        { ID: String(result.deal), UF_CRM_BATCH: `x-${result.field}`, UF_CRM_BATCH_2: ['4', '5'] }
      ])
      assert.equal(total.list, 1)
      assert.equal((await server.result('crm.deal.get', { id: result.before })).TITLE, 'Before')
    })

    test('whoever asks next knows it, whichever thread answers', async () => {
      for (let n = 0; n < 20; n++) {
        await server.result('crm.lead.userfield.add', field(`NEXT_${n}`))
        const answers = await Promise.all(
          Array.from({ length: 16 }, () => server.call(`crm.lead.list?${query({ [`filter[UF_CRM_NEXT_${n}]`]: 'a' })}`))
        )
        for (const { status, json } of answers) assert.equal(status, 200, JSON.stringify(json))
      }
      const fields = await server.result('crm.lead.fields')
      assert.equal(fields.UF_CRM_NEXT_19.type, 'string')
    })

    test('changes of fields beside writes and reads spoil none of them', async () => {
      let going = true
      const busy = async work => {
        for (let n = 0; going; n++) {
          const { status, json } = await work(n)
          assert.equal(status, 200, JSON.stringify(json))
        }
      }
      const workers = [
        busy(n => server.call('crm.contact.add', { fields: { NAME: `Busy ${n}` } })),
        busy(n => server.call('crm.contact.update', { id: 1, fields: { POST: `Busy ${n}` } })),
        busy(() => server.call('crm.contact.list', { select: ['*', 'UF_*'] })),
        busy(() => server.call('crm.contact.get', { id: 1 }))
      ]
      for (let n = 0; n < 15; n++) {
        const id = await server.result('crm.contact.userfield.add', field(`BUSY_${n}`, { SHOW_FILTER: n % 2 ? 'I' : 'N' }))
        await server.result('crm.contact.update', { id: 1, fields: { [`UF_CRM_BUSY_${n}`]: `v${n}` } })
        if (n % 3 === 0) await server.result('crm.contact.userfield.delete', { id })
      }
      going = false
      await Promise.all(workers)
      const contact = await server.result('crm.contact.get', { id: 1 })
      assert.equal(contact.UF_CRM_BUSY_14, 'v14')
      assert.ok(!('UF_CRM_BUSY_12' in contact))
    })

    test('a backup brings them back, into either store', async () => {
      const dir = tempDir()
      const file = join(dir, 'portal.tar')
      const made = rapport('backup', file, '--data', server.dir)
      assert.equal(made.code, 0, made.err)
      const deal = (await server.result('crm.deal.list', { filter: { UF_CRM_BATCH_2: 5 }, select: ['UF_*'] }))[0]
      const restored = join(dir, 'restored')
      const back = rapport('restore', file, '--data', restored, '--store', join(dir, 'restored.db'))
      assert.equal(back.code, 0, back.err)
      const other = await Server.start({ store: stores[0], dir: restored, code: null, args: ['--log', 'error'] })
      other.webhook = other.url + server.webhook.slice(server.url.length)
      const list = await other.result('crm.deal.list', { filter: { UF_CRM_BATCH_2: 5 }, select: ['UF_*'] })
      assert.deepEqual(list, [deal])
      const id = await other.result('crm.deal.userfield.add', field('AFTER'))
      assert.ok(id > 0)
      await other.stop()
      rmSync(dir, { recursive: true, force: true })
    })

    test('a killed server opens with what was acknowledged', async () => {
      const adding = []
      for (let n = 0; n < 8; n++)
        adding.push(server.call('crm.company.userfield.add', field(`KILL_${n}`, { SHOW_FILTER: 'I' })).catch(() => null))
      const first = await adding[0]
      server.kill('SIGKILL')
      await server.exited
      const done = (await Promise.all(adding)).filter(Boolean)
      server = await Server.start({ store, dir: server.dir, args: ['--log', 'error', '--control'] })
      const fields = await server.result('crm.company.fields')
      assert.ok(first.json.result > 0, JSON.stringify(first.json))
      const known = Object.keys(fields).filter(name => name.startsWith('UF_CRM_KILL_'))
      assert.ok(known.length >= done.length, `${known.length} of ${done.length}`)
      const values = Object.fromEntries(known.map(name => [name, `v ${name}`]))
      const id = await server.result('crm.company.add', { fields: { TITLE: 'Alive', ...values } })
      const company = await server.result('crm.company.get', { id })
      for (const name of known) assert.equal(company[name], values[name])
      const check = rapport('check', '--data', server.dir)
      assert.equal(check.code, 0, check.out + check.err)
      assert.equal((await server.result('crm.company.list', { filter: { [known[0]]: values[known[0]] } })).length, 1)
    })

    test('a reset lets them go, and they can be made anew', async () => {
      await control('reset', { to: 'demo' })
      const fields = await server.result('crm.deal.fields')
      assert.deepEqual(Object.keys(fields).filter(name => name.startsWith('UF_')), [])
      const id = await server.result('crm.deal.userfield.add', field('BATCH'))
      assert.ok(id > 0)
      assert.equal((await server.result('crm.deal.get', { id: 1 })).UF_CRM_BATCH, '')
      await server.result('crm.deal.update', { id: 1, fields: { UF_CRM_BATCH: 'new' } })
      assert.equal((await server.result('crm.deal.get', { id: 1 })).UF_CRM_BATCH, 'new')
    })
  })
}
