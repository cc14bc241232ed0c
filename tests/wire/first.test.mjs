// What a first start makes, and what options say that come too late for it.
import { describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { Server, rapport, stores, tempDir } from './lib/server.mjs'

for (const store of stores) {
  describe(`a first start on ${store.name}`, () => {
    test('its webhook may call everything that is here', async () => {
      const server = await Server.start({ store })
      const scopes = await server.result('scope')
      const wanted = new Set(
        JSON.parse(rapport('methods', '--json').out)
          .filter(method => method.implemented && method.scope)
          .map(method => method.scope.split('|')[0])
      )
      assert.deepEqual([...scopes].sort(), [...wanted].sort())
      assert.ok(wanted.size >= 3)
      assert.equal((await server.call('department.get', {})).status, 200)
      await server.stop()
    })

    test('--webhook-scope narrows it; for a portal that exists these options say that they have no effect', async () => {
      const first = await Server.start({ store, args: ['--webhook-scope', 'user,crm', '--time-zone', '+05:00'] })
      assert.deepEqual((await first.result('scope')).sort(), ['crm', 'user'])
      assert.equal((await first.call('department.get', {})).json.error, 'insufficient_scope')
      assert.ok(!first.log.includes('has no effect'), first.log)
      await first.stop({ keep: true })

      const second = await Server.start({
        store,
        dir: first.dir,
        code: 'another1another1',
        args: ['--demo', '--webhook-scope', 'crm', '--time-zone', '+07:00']
      })
      for (const option of ['--demo', '--webhook-code', '--webhook-scope', '--time-zone'])
        assert.match(second.log, new RegExp(`${option} has no effect: it is for a new portal, and this one exists`))
      assert.deepEqual((await second.result('scope')).sort(), ['crm', 'user'])
      assert.match((await second.call('server.time')).json.time.date_start, /\+05:00$/)
      await second.stop()

      const same = await Server.start({ store, dir: first.dir, code: null, args: ['--time-zone', '+05:00'] })
      assert.ok(!same.log.includes('has no effect'), 'it is what it is')
      await same.stop()
      rmSync(first.dir, { recursive: true })
    })
  })
}

test('an unknown scope of --webhook-scope is refused before anything is made', () => {
  const dir = tempDir()
  const { code, err } = rapport('serve', '--data', `${dir}/d`, '--webhook-scope', 'crm,nonsense')
  assert.equal(code, 2)
  assert.match(err, /unknown scope nonsense/)
  rmSync(dir, { recursive: true })
})
