// /console/admin: credentials and deliveries, for administrators who are signed in at the console and for nobody else.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { CODE, Server, rapport, stores } from './lib/server.mjs'

for (const store of stores) {
  describe(`what administrators see on ${store.name}`, () => {
    let server, place, admin, user
    const enter = async id => {
      const link = rapport('console', '--user', `${id}`, ...place).out.trim().split('=').at(-1)
      const answer = await fetch(`${server.url}console/session`, {
        method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ action: 'link', code: link })
      })
      return answer.headers.get('set-cookie').split(';')[0]
    }
    const ask = async (jar, body, headers = {}) => {
      const answer = await fetch(`${server.url}console/admin`, {
        method: 'POST', headers: { 'Content-Type': 'application/json', ...(jar ? { Cookie: jar } : {}), ...headers }, body: JSON.stringify(body)
      })
      return { status: answer.status, json: await answer.json() }
    }
    const get = async (action, more) => {
      const { status, json } = await ask(admin, { action, ...more })
      assert.equal(status, 200, JSON.stringify(json))
      return json
    }
    const refused = async (status, action, more) => assert.equal((await ask(admin, { action, ...more })).status, status, `${action} ${JSON.stringify(more)}`)
    before(async () => {
      server = await Server.start({ store, args: ['--event-attempts', '1'] })
      place = ['--data', server.dir, ...(store.url ? ['--store', store.url] : [])]
      ;[admin, user] = [await enter(1), await enter(2)]
    })
    after(() => server.stop())

    test('nobody else', async () => {
      const actions = ['webhooks', 'webhook_add', 'webhook_revoke', 'apps', 'app_add', 'app_set', 'app_revoke', 'deliveries', 'delivery_retry', 'delivery_drop']
      for (const action of actions) {
        const body = { action, id: 1, user_id: 1, scope: 'crm', name: 'x', kind: 'event' }
        assert.equal((await ask(null, body)).status, 401, action)
        assert.equal((await ask(user, body)).status, 403, action)
        assert.equal((await ask(admin, body, { Origin: 'https://evil.example' })).status, 403, action)
        assert.equal((await ask(admin, body, { 'Content-Type': 'text/plain' })).status, 403, action)
      }
      assert.equal((await ask(null, { action: 'webhooks', auth: CODE })).status, 401)
      await refused(400, 'nothing')
    })

    test('a webhook is made, works, and is revoked', async () => {
      const { id, url } = await get('webhook_add', { user_id: 2, scope: 'crm,user' })
      assert.match(url, new RegExp(`^${server.url}rest/2/[A-Za-z0-9]+/$`))
      assert.equal((await (await fetch(`${url}profile`)).json()).result.ID, '2')
      const listed = (await get('webhooks')).webhooks.find(one => one.id === id)
      assert.deepEqual([listed.user_id, listed.scope, listed.revoked], [2, 'crm,user', false])
      assert.ok(!JSON.stringify(await get('webhooks')).includes(url.split('/').at(-2)))
      await refused(400, 'webhook_add', { user_id: 2, scope: 'crm,nothing' })
      await refused(400, 'webhook_add', { user_id: 999, scope: 'crm' })
      assert.equal(await get('webhook_revoke', { id }), true)
      await refused(404, 'webhook_revoke', { id })
      while ((await fetch(`${url}profile`)).status === 200);
      assert.equal((await get('webhooks')).webhooks.find(one => one.id === id).revoked, true)
    })

    test('an application is made, narrowed and revoked', async () => {
      const made = await get('app_add', { name: 'By hand', handler: 'http://127.0.0.1:1/', scope: 'crm', redirect_uri: 'http://127.0.0.1:1/back' })
      assert.match(made.client_id, /^local\./)
      assert.equal(made.client_secret.length, 50)
      const find = async () => (await get('apps')).apps.find(one => one.id === made.id)
      const { client_id, name, handler, scope, users, server_side, installed, revoked, tokens } = await find()
      assert.deepEqual({ client_id, name, handler, scope, users, server_side, installed, revoked }, { client_id: made.client_id, name: 'By hand', handler: 'http://127.0.0.1:1/', scope: 'crm', users: '', server_side: false, installed: true, revoked: false })
      assert.ok(!JSON.stringify(await get('apps')).includes(made.client_secret))
      const before = tokens
      const pair = JSON.parse(rapport('token', 'issue', '--app', `${made.id}`, '--user', '2', '--json', ...place).out)
      assert.equal((await find()).tokens, before + 1)
      for (const bad of [{ name: '' }, { handler: 'ftp://x/' }, { handler: 'https://x/"y' }, { scope: 'none' }, { users: '1,999' }, { users: 'x' }, { server_side: 'Y', handler: '' }])
        await refused(400, 'app_add', { name: 'Bad', handler: 'http://127.0.0.1:1/', scope: 'crm', ...bad })
      assert.equal(await get('app_set', { id: made.id, users: '1' }), true)
      assert.equal((await find()).users, '1')
      await refused(400, 'app_set', { id: made.id, users: '1,x' })
      assert.equal(await get('app_revoke', { id: made.id }), true)
      await refused(404, 'app_revoke', { id: made.id })
      await refused(404, 'app_set', { id: made.id, users: '' })
      assert.equal((await find()).revoked, true)
      while ((await fetch(`${server.url}rest/profile?auth=${pair.access_token}`)).status === 200);
    })

    test('what was given up is tried again, or dropped', async () => {
      let status = 410, posts = 0
      const target = createServer((request, answer) => { posts++; request.resume().on('end', () => answer.writeHead(status).end()) })
      await new Promise(ready => target.listen(0, '127.0.0.1', ready))
      const address = `http://127.0.0.1:${target.address().port}/`
      const hook = JSON.parse(rapport('hook', 'out', 'add', '--handler', address, '--event', 'onCrmDealUpdate', '--json', ...place).out)
      assert.ok((await get('deliveries')).subscriptions.some(one => one.event === 'ONCRMDEALUPDATE' && one.handler === address && one.kind === 'H' && one.subscriber_id === hook.id))
      const given = async count => {
        for (;;) {
          const all = await get('deliveries')
          const mine = all.events.filter(one => one.handler === address && one.gave_up)
          if (mine.length === count) return mine
        }
      }
      const tell = () => server.result('crm.deal.update', { id: 1, fields: { TITLE: `Told ${posts}` } })
      await tell()
      const [first] = await given(1)
      assert.deepEqual([first.event, first.attempts], ['ONCRMDEALUPDATE', 1])
      assert.match(first.last_error, /410/)
      status = 200
      assert.equal(await get('delivery_retry', { kind: 'event', id: first.id }), 1)
      while (posts < 2) await get('deliveries')
      await refused(404, 'delivery_retry', { kind: 'event', id: first.id })
      status = 410
      await tell()
      await tell()
      const rows = await given(2)
      assert.equal(await get('delivery_drop', { kind: 'event', id: rows[0].id }), 1)
      await refused(404, 'delivery_drop', { kind: 'event', id: rows[0].id })
      assert.equal(await get('delivery_drop', { kind: 'event', id: 0 }), 1)
      assert.equal((await get('deliveries')).given_up, 0)
      assert.equal(await get('delivery_drop', { kind: 'mail', id: 0 }), 0)
      await refused(400, 'delivery_drop', { kind: 'letter', id: 0 })
      target.closeAllConnections()
      await new Promise(closed => target.close(closed))
    })
  })
}
