// Roles, set by the command while the server runs, and what a restricted webhook then sees.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Server, dropSchemas, rapport, stores, tempDir } from './lib/server.mjs'

const BELIEVED_MS = 1100 // how long a server goes on with what it knows of a credential

const json = run => {
  assert.equal(run.code, 0, run.err)
  return JSON.parse(run.out)
}

for (const store of stores) {
  describe(`roles on ${store.name}`, () => {
    const dir = tempDir()
    let server, webhook, all, few
    const role = (...args) =>
      rapport('role', ...args, '--data', dir, ...(store.url ? ['--store', store.url] : []), '--json')
    const call = async (method, params = {}) => {
      const answer = await fetch(webhook + method, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(params)
      })
      return { status: answer.status, ...(await answer.json()) }
    }

    // By ids and by conditions the same activities are found, and as many as the totals say.
    const sameBothWays = async () => {
      const walked = []
      for (let last = 0; ; ) {
        const page = await call('crm.activity.list', {
          order: { ID: 'ASC' }, filter: { '>ID': last }, select: ['ID'], start: -1
        })
        walked.push(...page.result.map(row => row.ID))
        if (page.result.length < 50) break
        last = page.result.at(-1).ID
      }
      assert.equal(new Set(walked).size, walked.length)
      const byIds = await call('crm.activity.list', { order: { ID: 'ASC' } })
      const byRows = await call('crm.activity.list', { filter: { '!SUBJECT': 'no such' } })
      assert.deepEqual([byIds.total, byRows.total], [walked.length, walked.length])
      return walked.length
    }

    before(async () => {
      if (store.url) dropSchemas(store.url)
      server = await Server.start({ dir, store, args: ['--demo'] })
      webhook = json(
        rapport('webhook', 'add', '--user', '4', '--data', dir, '--json',
          ...(store.url ? ['--store', store.url] : []))
      ).url
    })
    after(async () => {
      await server?.stop()
      rmSync(dir, { recursive: true, force: true })
    })

    test('a new portal gives everybody everything', async () => {
      const [first] = json(role('list'))
      assert.equal(first.permissions.deal.read, 'all')
      assert.deepEqual(first.members, [{ kind: 'all', id: 0 }])
      all = (await call('crm.deal.list')).total
      assert.ok(all >= 60)
    })

    test('a role narrows it within a second, without a restart', async () => {
      const { id } = json(role('add', '--name', 'Sales'))
      json(role('set', '--id', `${id}`, '--type', 'deal', '--level', 'own'))
      json(role('assign', '--id', `${id}`, '--department', '1'))
      json(role('unassign', '--id', '1', '--everybody'))
      await sleep(BELIEVED_MS)
      const deals = await call('crm.deal.list', { select: ['ID', 'ASSIGNED_BY_ID'] })
      assert.ok(deals.total > 0 && deals.total < all)
      assert.ok(deals.result.every(deal => deal.ASSIGNED_BY_ID === '4'))
      const lead = await call('crm.lead.get', { id: 1 })
      assert.deepEqual([lead.status, lead.error, lead.error_description], [400, '', 'Access denied'])
      assert.equal((await server.call('crm.deal.list')).json.total, all, 'the administrator passes')
      few = await sameBothWays()
      assert.ok(few > 0)
    })

    test('the highest level of several roles wins', async () => {
      const { id } = json(role('add', '--name', 'Readers'))
      json(role('set', '--id', `${id}`, '--type', 'deal', '--action', 'read', '--level', 'all'))
      json(role('assign', '--id', `${id}`, '--user', '4'))
      await sleep(BELIEVED_MS)
      assert.equal((await call('crm.deal.list')).total, all)
      assert.ok((await sameBothWays()) > few)
      const other = (await call('crm.deal.list', { filter: { '!ASSIGNED_BY_ID': 4 } })).result[0].ID
      const update = await call('crm.deal.update', { id: other, fields: { TITLE: 'Mine' } })
      assert.equal(update.error_description, 'Access denied')
      json(role('remove', '--id', `${id}`))
      await sleep(BELIEVED_MS)
      assert.ok((await call('crm.deal.list')).total < all)
    })

    test('what is said of one funnel holds there, until it is taken back', async () => {
      const sales = `${json(role('list')).find(one => one.name === 'Sales').id}`
      const { category } = await server.result('crm.category.add', { entityTypeId: 2, fields: { name: 'Tenders' } })
      const funnel = ['set', '--id', sales, '--type', 'deal', '--funnel', `${category.id}`]
      const id = await server.result('crm.deal.add', {
        fields: { TITLE: 'Tender', CATEGORY_ID: category.id, ASSIGNED_BY_ID: 1 }
      })
      const activity = await server.result('crm.activity.todo.add', {
        ownerTypeId: 2, ownerId: id, deadline: '2026-12-01T10:00:00', responsibleId: 1
      })
      const sees = async () => {
        await sleep(BELIEVED_MS)
        const deal = await call('crm.deal.get', { id })
        const listed = await call('crm.deal.list', { filter: { CATEGORY_ID: category.id } })
        const todo = await call('crm.activity.get', { id: activity.id })
        await sameBothWays()
        return [deal.status, listed.total, todo.status]
      }
      assert.deepEqual(await sees(), [400, 0, 400])
      json(role(...funnel, '--action', 'read', '--level', 'all'))
      assert.deepEqual(await sees(), [200, 1, 200])
      assert.equal((await call('crm.deal.update', { id, fields: { TITLE: 'x' } })).status, 400)
      assert.equal(json(role('list')).find(one => one.name === 'Sales').permissions[`deal/${category.id}`].read, 'all')

      // A deal takes its activities along to another funnel.
      await server.result('crm.item.update', { entityTypeId: 2, id, fields: { categoryId: 0 } })
      assert.deepEqual(await sees(), [400, 0, 400])
      await server.result('crm.item.update', { entityTypeId: 2, id, fields: { categoryId: category.id } })
      assert.deepEqual(await sees(), [200, 1, 200])
      json(role(...funnel, '--level', 'type'))
      assert.deepEqual(await sees(), [400, 0, 400])
      assert.equal(role('set', '--id', sales, '--type', 'deal', '--funnel', '4711', '--level', 'all').code, 1)
      assert.equal(role('set', '--id', sales, '--type', 'deal', '--funnel', 'x', '--level', 'all').code, 2)
      await server.result('crm.deal.delete', { id })
      await server.result('crm.category.delete', { entityTypeId: 2, id: category.id })
    })

    test("an address of a file ends with its reader's rights, and with his webhook", async () => {
      const command = (...args) => json(
        rapport(...args, '--data', dir, '--json', ...(store.url ? ['--store', store.url] : []))
      )
      const deal = (await call('crm.deal.list', { filter: { ASSIGNED_BY_ID: 4 }, select: ['ID'] })).result[0].ID
      const id = await server.result('crm.activity.add', {
        fields: {
          TYPE_ID: 6, PROVIDER_ID: 'OWN', SUBJECT: 'With a file', RESPONSIBLE_ID: 1,
          OWNER_TYPE_ID: 2, OWNER_ID: deal, FILES: [{ fileData: ['note.txt', btoa('hello')] }]
        }
      })
      const given = command('webhook', 'add', '--user', '4')
      const listed = await fetch(given.url + `crm.activity.list?filter[ID]=${id}&select[]=FILES`).then(a => a.json())
      const url = listed.result[0].FILES[0].url
      const open = async address => {
        const answer = await fetch(address)
        return answer.status === 200 ? answer.text() : answer.status
      }
      assert.equal(await open(url), 'hello')
      const bare = url.replace(/&auth=.*/, '')
      assert.equal(await open(bare), 401)
      const narrow = command('webhook', 'add', '--user', '4', '--scope', 'user').url.split('/').at(-2)
      assert.equal(await open(`${bare}&auth=${narrow}`), 401)
      assert.equal(await open(`${bare}&auth=${given.url.split('/').at(-2)}`), 'hello')

      const sales = `${json(role('list')).find(one => one.name === 'Sales').id}`
      json(role('set', '--id', sales, '--type', 'deal', '--level', 'none'))
      await sleep(BELIEVED_MS)
      assert.equal(await open(url), 403)
      json(role('set', '--id', sales, '--type', 'deal', '--level', 'own'))
      await sleep(BELIEVED_MS)
      assert.equal(await open(url), 'hello')
      command('webhook', 'revoke', '--id', `${given.id}`)
      await sleep(BELIEVED_MS)
      assert.equal(await open(url), 403)
    })

    test('what is not there is said', () => {
      assert.equal(role('assign', '--id', '1', '--user', '4711').code, 1)
      assert.equal(role('assign', '--id', '4711', '--user', '1').code, 1)
      assert.equal(role('unassign', '--id', '1', '--user', '1').code, 1)
      assert.equal(role('add', '--name', 'Sales').code, 1)
      assert.equal(role('remove', '--id', '4711').code, 1)
    })
  })
}
