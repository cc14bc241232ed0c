// /console/admin: credentials and deliveries, for administrators who are signed in at the console and for nobody else.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { listen } from './lib/listen.mjs'
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
    const pageOf = action => (/^role/.test(action) ? 'role' : /^hook/.test(action) ? 'hook' : 'admin')
    const ask = async (jar, body, headers = {}) => {
      const answer = await fetch(`${server.url}console/${pageOf(body.action)}`, {
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
      const actions = ['webhooks', 'webhook_add', 'webhook_revoke', 'apps', 'app_add', 'app_set', 'app_revoke', 'deliveries', 'delivery_retry', 'delivery_drop',
        'roles', 'role_add', 'role_remove', 'role_set', 'role_give', 'role_take', 'hooks', 'hook_add', 'hook_remove']
      for (const action of actions) {
        const body = { action, id: 1, user_id: 1, scope: 'crm', name: 'x', kind: 'event' }
        assert.equal((await ask(null, body)).status, 401, action)
        assert.equal((await ask(user, body)).status, 403, action)
        assert.equal((await ask(admin, body, { Origin: 'https://evil.example' })).status, 403, action)
        assert.equal((await ask(admin, body, { 'Content-Type': 'text/plain' })).status, 403, action)
      }
      assert.equal((await ask(null, { action: 'webhooks', auth: CODE })).status, 401)
      for (const action of ['nothing', 'role_nothing', 'hook_nothing']) await refused(400, action)
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
      const { client_id, name, handler, scope, users, server_side, installed, revoked } = await find()
      assert.deepEqual({ client_id, name, handler, scope, users, server_side, installed, revoked }, { client_id: made.client_id, name: 'By hand', handler: 'http://127.0.0.1:1/', scope: 'crm', users: '', server_side: false, installed: true, revoked: false })
      assert.ok(!JSON.stringify(await get('apps')).includes(made.client_secret))
      // One without an address, to which nothing is delivered with tokens of its own.
      const quiet = await get('app_add', { name: 'Quiet', scope: 'crm' })
      const held = async () => (await get('apps')).apps.find(one => one.id === quiet.id).tokens
      assert.equal(await held(), 0)
      rapport('token', 'issue', '--app', `${quiet.id}`, '--user', '2', '--json', ...place)
      assert.equal(await held(), 1)
      const pair = JSON.parse(rapport('token', 'issue', '--app', `${made.id}`, '--user', '2', '--json', ...place).out)
      for (const bad of [{ name: '' }, { handler: 'ftp://x/' }, { handler: 'https://x/"y' }, { scope: 'none' }, { users: '1,999' }, { users: 'x' }, { server_side: 'Y', handler: '' }])
        await refused(400, 'app_add', { name: 'Bad', handler: 'http://127.0.0.1:1/', scope: 'crm', ...bad })
      assert.equal(await get('app_set', { id: made.id, users: '1' }), true)
      assert.equal((await find()).users, '1')
      await refused(400, 'app_set', { id: made.id, users: '1,x' })
      await refused(400, 'app_set', { id: made.id })
      assert.equal(await get('app_revoke', { id: made.id }), true)
      await refused(404, 'app_revoke', { id: made.id })
      await refused(404, 'app_set', { id: made.id, users: '' })
      assert.equal((await find()).revoked, true)
      while ((await fetch(`${server.url}rest/profile?auth=${pair.access_token}`)).status === 200);
    })

    test('a role is made, says what may be done, is given and taken', async () => {
      const { url } = await get('webhook_add', { user_id: 2, scope: 'crm' })
      const status = async method => (await fetch(`${url}${method}?id=1`)).status
      const until = async (method, wanted) => { while ((await status(method)) !== wanted); }
      const first = await get('roles')
      assert.deepEqual([first.actions, first.levels], [['read', 'add', 'update', 'delete', 'export'], ['none', 'own', 'department', 'subtree', 'all']])
      assert.deepEqual(first.members, [{ role_id: 1, kind: 'all', member_id: 0 }])
      const { id } = await get('role_add', { name: 'Sellers' })
      await refused(400, 'role_add', { name: 'Sellers' })
      await refused(400, 'role_add', { name: '' })
      await refused(400, 'role_add', { name: 'x'.repeat(201) })
      const set = (type_id, act, level, category_id) => get('role_set', { id, type_id, act, level, category_id })
      await set(0, 'all', 'none')
      await set(1, 'read', 'all')
      await set(2, 'all', 'all')
      await set(2, 'update', '')
      await set(2, 'read', 'own', 0)
      assert.equal(await get('role_give', { id, kind: 'user', member_id: 2 }), true)
      const { rules, members } = await get('roles')
      const mine = rules.filter(rule => rule.role_id === id && (rule.action === 'read' || rule.action === 'update')).map(({ type_id, category_id, action, level }) => [type_id, category_id, action, level])
      assert.deepEqual(mine, [[0, -1, 'read', 0], [0, -1, 'update', 0], [1, -1, 'read', 4], [2, -1, 'read', 4], [2, 0, 'read', 1]])
      assert.deepEqual(members.filter(one => one.role_id === id), [{ role_id: id, kind: 'user', member_id: 2 }])
      assert.equal(await status('crm.contact.get'), 200) // by the role that everybody has
      assert.equal(await get('role_take', { id: 1, kind: 'all' }), true)
      await until('crm.contact.get', 400)
      assert.equal(await status('crm.lead.get'), 200)
      await get('role_set', { id, type_id: 1, act: 'read', level: '' })
      await until('crm.lead.get', 400)
      for (const bad of [{ act: 'look' }, { level: 'some' }, { type_id: 999 }, { type_id: 6 }, { type_id: 0, level: '' }, { type_id: 0, category_id: 0 }])
        await refused(400, 'role_set', { id, type_id: 2, act: 'read', level: 'all', ...bad })
      await refused(400, 'role_set', { id, type_id: 'deal', act: 'read', level: 'all' }) // not: of all that the role does not name
      await refused(404, 'role_set', { id: 999, type_id: 2, act: 'read', level: 'all' })
      await refused(404, 'role_set', { id, type_id: 2, act: 'read', level: 'all', category_id: 999 })
      await refused(404, 'role_give', { id, kind: 'user', member_id: 999 })
      await refused(404, 'role_take', { id, kind: 'department', member_id: 1 })
      await refused(400, 'role_give', { id, kind: 'robot', member_id: 1 })
      assert.equal(await get('role_give', { id: 1, kind: 'all' }), true)
      await until('crm.lead.get', 200)
      assert.equal(await get('role_remove', { id }), true)
      await refused(404, 'role_remove', { id })
      assert.ok(!JSON.stringify(await get('roles')).includes('Sellers'))
    })

    test('an outgoing webhook is made, told, and removed', async () => {
      const posts = []
      const target = await listen(async (request, answer) => {
        let body = ''
        for await (const part of request) body += part
        posts.push(new URLSearchParams(body))
        answer.end()
      })
      const handler = target.url
      assert.ok((await get('hooks')).events.includes('ONCRMDEALUPDATE'))
      const made = await get('hook_add', { handler, title: 'To the shop', events: ['onCrmDealUpdate', 'ONCRMDEALUPDATE', 'ONCRMLEADADD'] })
      const [hook] = (await get('hooks')).hooks
      assert.deepEqual({ ...hook, created: 0 }, { id: made.id, title: 'To the shop', handler, created: 0, application_token: made.application_token, events: ['ONCRMDEALUPDATE', 'ONCRMLEADADD'] })
      await server.result('crm.deal.update', { id: 1, fields: { TITLE: 'Heard' } })
      while (!posts.length) await get('hooks')
      assert.deepEqual([posts[0].get('event'), posts[0].get('auth[application_token]')], ['ONCRMDEALUPDATE', made.application_token])
      for (const bad of [{ handler: 'ftp://x/' }, { handler: `${server.url}x` }, { events: [] }, { events: ['NOTHING'] }, { events: [7] }, { events: 'ONCRMLEADADD' }, { title: 'x'.repeat(256) }])
        await refused(400, 'hook_add', { handler, events: ['ONCRMLEADADD'], ...bad })
      assert.equal(await get('hook_remove', { id: made.id }), true)
      await refused(404, 'hook_remove', { id: made.id })
      assert.ok(!(await get('hooks')).hooks.some(one => one.id === made.id))
      await target.close()
    })

    test('what was given up is tried again, or dropped', async () => {
      let status = 410, posts = 0
      const target = await listen((request, answer) => { posts++; request.resume().on('end', () => answer.writeHead(status).end()) })
      const address = target.url
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
      await refused(404, 'delivery_drop', { kind: 'event', id: 'all' })
      assert.equal(await get('delivery_drop', { kind: 'event', id: 0 }), 1)
      assert.equal((await get('deliveries')).given_up, 0)
      assert.equal(await get('delivery_drop', { kind: 'mail', id: 0 }), 0)
      await refused(400, 'delivery_drop', { kind: 'letter', id: 0 })
      await target.close()
    })
  })
}
