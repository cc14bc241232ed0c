// A portal that an earlier program made opens in this one, on both stores, and nothing that the earlier
// one told of a row is told otherwise. tests/upgrade/make wrote the portals; tests/upgrade/run does the same
// with a million rows.
import { after, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Server, dropSchemas, rapport, stores, tempDir } from './lib/server.mjs'
import { CODE, ENTITIES, eachRow, row_text } from '../upgrade/rows.mjs'

const folder = new URL('../upgrade/', import.meta.url)
const portals = readdirSync(folder).filter(name => name.endsWith('.tar.gz'))
const temp = tempDir()
after(() => {
  Server.killAll()
  rmSync(temp, { recursive: true, force: true })
})

test('there are portals of earlier programs', () => assert.ok(portals.length > 0))

for (const portal of portals) {
  const { told, lists } = JSON.parse(
    gunzipSync(readFileSync(new URL(portal.replace('.tar.gz', '.json.gz'), folder)))
  )
  for (const store of stores) {
    describe(`${portal} on ${store.name}`, () => {
      let server, base

      test('opens', async () => {
        const dir = join(temp, `${portal}-${store.name}`)
        if (store.url) dropSchemas(store.url)
        const args = ['restore', new URL(portal, folder).pathname, '--data', dir]
        const done = rapport(...args, ...(store.url ? ['--store', store.url] : []))
        assert.equal(done.code, 0, done.err)
        server = await Server.start({ store, dir, code: null, demo: false })
        base = `${server.url}rest/1/${CODE}/`
      })

      for (const entity of ENTITIES) {
        test(`each ${entity} is what it was`, async () => {
          const rows = new Map(Object.entries(told[entity]))
          assert.ok(rows.size > 50)
          await eachRow(base, entity, (_, id, row) => {
            const old = rows.get(String(id))
            assert.ok(old, `${entity} ${id} was not there`)
            const names = Object.keys(old)
            assert.equal(row_text(row, names), row_text(old, names), `${entity} ${id}`)
            rows.delete(String(id))
          })
          assert.deepEqual([...rows.keys()], [])
        })
      }

      for (const [method, old] of Object.entries(lists)) {
        if (!old) continue
        test(`${method} has what it had`, async () => {
          const now = await server.result(method, {}, { base })
          const texts = now.map(row => JSON.stringify(row))
          for (const row of old) {
            const names = Object.keys(row)
            const same = now.some(other => row_text(other, names) === row_text(row, names))
            assert.ok(same, `${JSON.stringify(row)} is not among ${texts.length}`)
          }
        })
      }

      test('a row of it can be changed, one added, one removed', async () => {
        const ids = Object.keys(told.deal)
        const one = await server.result('crm.deal.update', { id: ids[0], fields: { TITLE: 'New' } }, { base })
        assert.equal(one, true)
        assert.equal((await server.result('crm.deal.get', { id: ids[0] }, { base })).TITLE, 'New')
        assert.equal(await server.result('crm.deal.delete', { id: ids[1] }, { base }), true)
        const id = await server.result('crm.deal.add', { fields: { TITLE: 'Added' } }, { base })
        assert.ok(id > Number(ids.at(-1)))
        await server.stop()
      })
    })
  }
}
