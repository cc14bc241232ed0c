// The trail: who changed rights, credentials and settings, by which way ever, and nothing of it twice or without the change.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { CODE, Server, rapport, stores } from './lib/server.mjs'

for (const store of stores) {
  describe(`the trail on ${store.name}`, () => {
    let server, place
    const trail = (...args) => {
      const { code, out, err } = rapport('audit', '--json', ...args, ...place)
      assert.equal(code, 0, err)
      return JSON.parse(out)
    }
    const since = async run => {
      const last = trail('--last', '1').at(-1)?.id ?? 0
      await run()
      return trail('--last', '1000').filter(one => one.id > last).map(({ action, user_id, what, failed }) => [failed ? `${action} failed` : action, user_id, what])
    }
    before(async () => {
      server = await Server.start({ store, args: ['--control'] })
      place = ['--data', server.dir, ...(store.url ? ['--store', store.url] : [])]
    })
    after(() => server.stop())

    test('a call that sets the portal up is told with its caller, one that changes rows is not', async () => {
      const fields = { ENTITY_ID: 'SOURCE', STATUS_ID: 'TRAIL', NAME: 'Trail "ж"' }
      let answer
      const told = await since(async () => {
        answer = await server.call('crm.status.add', { fields })
        await server.result('crm.deal.update', { id: 1, fields: { TITLE: 'A row' } })
        await server.result('crm.deal.list')
      })
      assert.deepEqual(told, [['crm.status.add', 1, { fields }]])
      const entry = trail('--last', '1')[0]
      assert.equal(entry.client, '127.0.0.1')
      assert.ok(entry.credential_id > 0 && entry.request_id.length > 8)
      assert.equal(entry.request_id, answer.headers.get('x-request-id'))
      assert.ok(Math.abs(Date.parse(entry.date) - Date.now()) < 60_000)
    })

    test('what is refused leaves no entry, nor does what a batch takes back', async () => {
      const same = { ENTITY_ID: 'SOURCE', STATUS_ID: 'TRAIL', NAME: 'Again' }
      assert.deepEqual(await since(() => server.call('crm.status.add', { fields: same })), [])
      const told = await since(() => server.call('batch', { halt: 0, cmd: {
        a: 'crm.status.add?fields[ENTITY_ID]=SOURCE&fields[STATUS_ID]=TRAIL&fields[NAME]=x', b: 'department.add?NAME=Trail&PARENT=1', c: 'crm.deal.get?id=1'
      } }))
      assert.deepEqual(told, [['department.add', 1, { NAME: 'Trail', PARENT: '1' }]])
    })

    test('what a file is among is told without its parameters, and products are rows', async () => {
      const told = await since(async () => {
        await server.result('crm.product.add', { fields: { NAME: 'A row of the catalog' } })
        await server.result('crm.productsection.add', { fields: { NAME: 'A section' } })
        await server.result('crm.status.add', { fields: { ENTITY_ID: 'SOURCE', STATUS_ID: 'LONG', NAME: 'Long', nothing: 'x'.repeat(5000) } })
      })
      assert.deepEqual(told, [['crm.status.add', 1, { cut: true }]])
    })

    test('an application gets its tokens: who allowed it, and that it has them', async () => {
      const app = JSON.parse(rapport('app', 'add', '--name', 'Told', '--redirect-uri', 'http://127.0.0.1:1/back', '--scope', 'crm', '--json', ...place).out)
      const signed = JSON.parse(rapport('console', '--json', ...place).out).address.split('#signin=')[1]
      const entered = await fetch(`${server.url}console/session`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ action: 'link', code: signed }) })
      let cookie = entered.headers.get('set-cookie').split(';')[0]
      const authorize = `${server.url}oauth/authorize/?client_id=${app.client_id}&response_type=code`
      const told = await since(async () => {
        const page = await fetch(authorize, { headers: { Cookie: cookie } })
        const form = await page.text()
        cookie = [cookie, ...(page.headers.get('set-cookie') ? [page.headers.get('set-cookie').split(';')[0]] : [])].join('; ')
        const fields = Object.fromEntries([...form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]))
        const allowed = await fetch(authorize, { method: 'POST', redirect: 'manual', headers: { Cookie: cookie }, body: new URLSearchParams({ ...fields, action: 'allow' }) })
        assert.equal(allowed.status, 303, await allowed.text())
        const code = new URL(allowed.headers.get('location')).searchParams.get('code')
        const ask = more => fetch(`${server.url}oauth/token/?${new URLSearchParams({ client_id: app.client_id, client_secret: app.client_secret, ...more })}`).then(answer => answer.json())
        const pair = await ask({ grant_type: 'authorization_code', code })
        assert.ok((await ask({ grant_type: 'refresh_token', refresh_token: pair.refresh_token })).access_token)
        assert.equal((await ask({ grant_type: 'authorization_code', code })).error, 'invalid_grant')
      })
      assert.deepEqual(told, [[`/oauth/authorize/ allowed application ${app.id}`, 1, {}], [`/oauth/token/ gave application ${app.id} its tokens`, 1, {}]])
    })

    test('commands are told, those that failed as such; those that only look are not', async () => {
      const told = await since(() => {
        assert.equal(rapport('role', 'add', '--name', 'Of the trail', ...place).code, 0)
        for (const only of [['role', 'list'], ['field', 'list'], ['webhook', 'list'], ['app', 'list'], ['events'], ['mail'], ['portal', 'status'], ['hook', 'out', 'list'], ['audit']]) {
          const { code, err } = rapport(...only, ...place)
          assert.equal(code, 0, err)
        }
        assert.equal(rapport('role', 'add', '--name', 'list', ...place).code, 0)
        assert.equal(rapport('role', 'remove', '--id', '999', ...place).code, 1)
        assert.equal(rapport('webhook', 'add', '--user', '2', '--scope', 'crm', ...place).code, 0)
      })
      assert.deepEqual(told, [
        ['rapport role add', 0, ['role', 'add', '--name', 'Of the trail']],
        ['rapport role add', 0, ['role', 'add', '--name', 'list']],
        ['rapport role remove failed', 0, ['role', 'remove', '--id', '999']],
        ['rapport webhook add', 0, ['webhook', 'add', '--user', '2', '--scope', 'crm']]
      ])
      assert.match(trail('--user', '0', '--last', '1')[0].client, /^uid \d+$/)
    })

    test('the page for people: signing in, and what an administrator does there', async () => {
      const link = rapport('console', '--json', ...place)
      const code = JSON.parse(link.out).address.split('#signin=')[1]
      let cookie = ''
      const ask = async (path, body) => {
        const answer = await fetch(`${server.url}console/${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json', Cookie: cookie }, body: JSON.stringify(body) })
        cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? cookie
        return [answer.status, await answer.json()]
      }
      const told = await since(async () => {
        assert.equal((await ask('session', { action: 'link', code }))[0], 200)
        assert.equal((await ask('role', { action: 'roles' }))[0], 200)
        assert.equal((await ask('role', { action: 'role_add', name: 'By the page' }))[0], 200)
        assert.equal((await ask('role', { action: 'role_add', name: 'By the page' }))[0], 400)
        assert.equal((await ask('session', { action: 'signout_everywhere' }))[0], 200)
      })
      assert.deepEqual(told, [
        ['/console/session signed in', 1, {}],
        ['/console/role role_add', 1, { action: 'role_add', name: 'By the page' }],
        ['/console/session signout_everywhere', 1, {}]
      ])
      assert.ok(!JSON.stringify(trail('--last', '1000')).includes(code))
    })

    test('a reset leaves the trail, and stands in it', async () => {
      const count = trail('--last', '1000').length
      const answer = await fetch(`${server.url}_rapport/reset`, { method: 'POST', headers: { Authorization: `Bearer ${CODE}`, 'Content-Type': 'application/json' }, body: '{"to":"demo"}' })
      assert.equal(answer.status, 200)
      const all = trail('--last', '1000')
      assert.equal(all.length, count + 1)
      assert.deepEqual([all.at(-1).action, all.at(-1).user_id, all.at(-1).what], ['reset', 1, { to: 'demo' }])
    })

    test('it is asked by time, user and action', () => {
      assert.ok(trail('--action', 'crm.status').every(one => one.action.startsWith('crm.status')))
      assert.equal(trail('--action', 'crm.status').length, 2)
      assert.deepEqual(trail('--until', '2020-01-01'), [])
      assert.equal(trail('--since', '2020-01-01', '--user', '0').length, trail('--user', '0').length)
      assert.equal(rapport('audit', '--since', 'soon', ...place).code, 2)
      assert.match(rapport('audit', '--action', 'crm.status', ...place).out, /  admin +127\.0\.0\.1 +crm\.status\.add \{"fields"/)
    })
  })

  test(`with --audit-rows changes of rows are told on ${store.name}`, async () => {
    const server = await Server.start({ store, args: ['--audit-rows'] })
    await server.result('crm.deal.update', { id: 1, fields: { TITLE: 'A row' } })
    const { out } = rapport('audit', '--json', '--data', server.dir, ...(store.url ? ['--store', store.url] : []))
    assert.deepEqual(JSON.parse(out).map(one => [one.action, one.what]), [['crm.deal.update', { id: 1, fields: { TITLE: 'A row' } }]])
    await server.stop()
  })
}
