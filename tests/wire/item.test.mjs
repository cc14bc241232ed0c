// crm.item.* as the official SDK calls it: one item, thousands by its list helpers, and batches.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { ApiVersion, B24Hook, EnumCrmEntityTypeId } from '@bitrix24/b24jssdk'
import { CODE, Server, stores } from './lib/server.mjs'

const restrictionParams = {
  rateLimit: { burstLimit: 1e6, drainRate: 1e6, adaptiveEnabled: false },
  adaptiveConfig: { enabled: false, thresholdPercent: 100, coefficient: 0, maxDelay: 0 },
  retryDelay: 1
}
const DEAL = EnumCrmEntityTypeId.deal
const MANY = 2040 // 41 batches of 50, the last one not full

// Version 2.2.0 calls `https://` whatever address it is given: see sdk.test.mjs.
function hookTo(url) {
  const b24 = new B24Hook({ b24Url: new URL(url).origin, userId: 1, secret: CODE }, { restrictionParams })
  b24.getHttpClient(ApiVersion.v2).ajaxClient.interceptors.request.use(config => {
    config.url = config.url.replace(/^https:/, 'http:')
    return config
  })
  b24.offClientSideWarning()
  return b24
}

for (const store of stores) {
  describe(`crm.item.* by the SDK, ${store.name}`, () => {
    let server, b24
    before(async () => {
      server = await Server.start({ store, args: ['--log', 'error'] })
      b24 = hookTo(server.url)
    })
    after(() => Server.killAll())

    const call = async (method, params) => {
      const response = await b24.actions.v2.call.make({ method, params: { entityTypeId: DEAL, ...params } })
      assert.ok(response.isSuccess, response.getErrorMessages().join())
      return response.getData().result
    }

    test('one is added, changed, read and removed', async () => {
      const { item } = await call('crm.item.add', { fields: { title: 'One', opportunity: 10.5, observers: [1] } })
      assert.equal(typeof item.id, 'number')
      assert.deepEqual([item.title, item.opportunity, item.observers, item.entityTypeId], ['One', 10.5, [1], DEAL])
      const changed = await call('crm.item.update', { id: item.id, fields: { stageId: 'WON' } })
      assert.deepEqual([changed.item.stageId, changed.item.closed], ['WON', 'Y'])
      assert.deepEqual((await call('crm.item.get', { id: item.id })).item, changed.item)
      assert.deepEqual(await call('crm.item.delete', { id: item.id }), [])
      await assert.rejects(call('crm.item.get', { id: item.id }), error => error.code === 'NOT_FOUND')
    })

    test('thousands are added in chunks of batches', async () => {
      const response = await b24.actions.v2.batchByChunk.make({
        calls: Array.from({ length: MANY }, (_, n) => [
          'crm.item.add',
          { entityTypeId: DEAL, fields: { title: `Many ${n}`, opportunity: n } }
        ]),
        options: { isHaltOnError: true }
      })
      assert.ok(response.isSuccess, response.getErrorMessages().join())
      const titles = response.getData().map(row => row.item.title)
      assert.equal(titles.length, MANY)
      assert.equal(titles.at(-1), `Many ${MANY - 1}`)
    })

    const listed = {
      method: 'crm.item.list',
      params: { entityTypeId: DEAL, select: ['id', 'title'], filter: { '=%title': 'Many %' } },
      idKey: 'id',
      customKeyForResult: 'items'
    }

    test('callList brings them all, each once', async () => {
      const response = await b24.actions.v2.callList.make(listed)
      assert.ok(response.isSuccess, response.getErrorMessages().join())
      const ids = response.getData().map(item => item.id)
      assert.equal(ids.length, MANY)
      assert.equal(new Set(ids).size, MANY)
      assert.deepEqual(Object.keys(response.getData()[0]), ['id', 'title'])
    })

    test('fetchList brings them by pages of 50', async () => {
      const sizes = []
      for await (const chunk of b24.actions.v2.fetchList.make(listed)) sizes.push(chunk.length)
      assert.equal(sizes.reduce((sum, size) => sum + size), MANY)
      assert.ok(sizes.slice(0, -1).every(size => size === 50))
    })

    test('a batch answers each command, and one refers to another', async () => {
      const response = await b24.actions.v2.batch.make({
        calls: {
          add: ['crm.item.add', { entityTypeId: DEAL, fields: { title: 'Referred' } }],
          same: ['crm.item.get', { entityTypeId: DEAL, id: '$result[add][item][id]' }],
          wrong: ['crm.item.list', { entityTypeId: DEAL, filter: { '>ddId': 1 } }],
          some: ['crm.item.list', { entityTypeId: DEAL, select: ['id'], filter: { logic: 'OR', title: 'Referred', '=title': `Many ${MANY - 1}` } }]
        },
        options: { isHaltOnError: false, returnAjaxResult: true }
      })
      const results = response.getData()
      assert.equal(results.same.getData().result.item.title, 'Referred')
      assert.equal(results.some.getData().result.items.length, 2)
      assert.equal([...results.wrong.getErrors()][0].code, 'INVALID_ARG_VALUE')
    })
  })
}
