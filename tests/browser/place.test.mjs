// Places of the page that applications fill, and the buttons of activities that they describe.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { rapport } from '../wire/lib/server.mjs'
import { handler } from './lib/handler.mjs'
import { open, violations } from './lib/page.mjs'

const SDK = `
  import { initializeB24Frame } from '@bitrix24/b24jssdk'
  window.b24 = initializeB24Frame()
  window.b24.then(frame => (document.getElementById('said').textContent = frame.placement.title + ' ' + JSON.stringify(frame.placement.options)))
`

describe('places that applications fill', () => {
  let at, page, app, token
  const as = async (method, params) => {
    const answer = await fetch(`${at.server.url}rest/${method}`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ ...params, auth: token }) })
    const json = await answer.json()
    assert.equal(answer.status, 200, JSON.stringify(json))
    return json.result
  }
  const to = async (hash, name) => {
    await page.evaluate(where => (location.hash = where), hash)
    await page.getByRole('heading', { level: 1, name }).waitFor()
  }
  const said = () => page.frameLocator('iframe.host').frameLocator('iframe.application').locator('#said')
  before(async () => {
    app = await handler({ script: SDK })
    at = await open()
    page = at.page
    page.removeAllListeners('request') // the frame is another host's
    const { id } = JSON.parse(rapport('app', 'add', '--data', at.server.dir, '--json', '--name', 'Filler', '--handler', app.url, '--scope', 'crm,user,placement').out)
    token = JSON.parse(rapport('token', 'issue', '--app', `${id}`, '--user', '1', '--json', '--data', at.server.dir).out).access_token
    for (const [PLACEMENT, TITLE] of [['CRM_DEAL_DETAIL_TAB', 'My tab'], ['CRM_DEAL_DETAIL_TOOLBAR', 'My tool'], ['CRM_DEAL_DETAIL_ACTIVITY', 'My deed'], ['CRM_DEAL_ACTIVITY_TIMELINE_MENU', 'My menu'], ['CRM_DEAL_LIST_TOOLBAR', 'Of all'], ['CRM_DEAL_LIST_MENU', 'Of one'], ['CRM_ACTIVITY_LIST_MENU', 'Of my day']])
      await as('placement.bind', { PLACEMENT, TITLE, HANDLER: `${app.url}place` })
    await as('event.bind', { event: 'onCrmTimelineItemAction', handler: `${app.url}event` })
    await at.signIn('#/day')
  })
  after(async () => {
    await at.close()
    await app.stop()
  })

  test('a tab, a tool and a deed at a card', async () => {
    await to('#/card/2/1', 'Cold storage for Acorn Logistics')
    await page.getByRole('button', { name: 'My tab' }).click()
    await said().filter({ hasText: 'CRM_DEAL_DETAIL_TAB' }).waitFor()
    assert.deepEqual(JSON.parse((await said().innerText()).replace(/^\w+ /, '')), { ID: '1', URI: '/#/card/2/1' })
    assert.deepEqual(await violations(page), [])
    // The frame renames the deal, and asks the card to be read again.
    const inside = page.frames().find(one => one.url().startsWith(app.url))
    await inside.evaluate(async () => {
      const b24 = await window.b24
      await b24.actions.v2.call.make({ method: 'crm.deal.update', params: { id: 1, fields: { TITLE: 'Named by a frame' } } })
      await b24.placement.call('reloadData')
    })
    await page.getByRole('heading', { level: 1, name: 'Named by a frame' }).waitFor()
    await page.getByRole('button', { name: 'My tab' }).click()
    for (const [name, code] of [['My tool', 'CRM_DEAL_DETAIL_TOOLBAR'], ['My deed', 'CRM_DEAL_DETAIL_ACTIVITY']]) {
      await page.getByRole('button', { name }).click()
      await said().filter({ hasText: code }).waitFor()
      await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
  })

  test('menus of lists, and of activities', async () => {
    await to('#/list/2', /^Deals/)
    await page.getByRole('button', { name: 'Of all' }).click()
    await said().filter({ hasText: 'CRM_DEAL_LIST_TOOLBAR' }).waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
    await page.locator('tbody tr').first().getByRole('button').click()
    await page.getByRole('menuitem', { name: 'Of one' }).click()
    await said().filter({ hasText: 'CRM_DEAL_LIST_MENU' }).waitFor()
    assert.ok(Number(JSON.parse((await said().innerText()).replace(/^\w+ /, '')).ID) > 0)
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
    await to('#/day', 'My day')
    await page.getByRole('button', { name: /^Move to another day/ }).first().click()
    await page.getByRole('menuitem', { name: 'Of my day' }).click()
    await said().filter({ hasText: 'CRM_ACTIVITY_LIST_MENU' }).waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
  })

  test('buttons of an activity open its application, and tell it', async () => {
    const block = { type: 'text', properties: { value: 'Waiting' } }
    const layout = {
      icon: { code: 'info' }, header: { title: 'Pressable' }, body: { logo: { code: 'info' }, blocks: { b: block } },
      footer: {
        buttons: {
          tell: { title: 'Tell it', type: 'primary', action: { type: 'restEvent', id: 'pressed', actionParams: { mine: 7 }, animationType: 'disable' } },
          open: { title: 'Open it', type: 'secondary', action: { type: 'openRestApp', actionParams: { mine: 8 }, sliderParams: { title: 'Its own page', width: 700 } } }
        },
        menu: { items: { go: { title: 'By the menu', action: { type: 'openRestApp', actionParams: { mine: 9 } } } } }
      }
    }
    const { activity } = await as('crm.activity.configurable.add', { ownerTypeId: 2, ownerId: 4, fields: { typeId: 'CONFIGURABLE', completed: false, responsibleId: 1, deadline: '2031-01-01T10:00:00+00:00' }, layout })
    await page.evaluate(() => (location.hash = '#/card/2/4'))
    const entry = page.locator('.entry', { hasText: 'Pressable' })
    await entry.getByRole('button', { name: 'Tell it' }).click()
    await entry.locator('button[aria-busy=true]', { hasText: 'Tell it' }).waitFor()
    const told = () => app.posts.find(post => post.url.pathname === '/event')
    while (!told()) await new Promise(done => setImmediate(done))
    const { body } = told()
    assert.deepEqual(
      ['event', 'data[id]', 'data[entityTypeId]', 'data[entityId]', 'data[activityId]', 'data[userId]', 'data[mine]'].map(key => body[key]),
      ['ONCRMTIMELINEITEMACTION', 'pressed', '2', '4', `${activity.id}`, '1', '7']
    )
    await as('crm.activity.configurable.update', { id: activity.id, fields: {}, layout: { ...layout, header: { title: 'Pressable twice' } } })
    await page.locator('.entry', { hasText: 'Pressable twice' }).locator('button:not([disabled])', { hasText: 'Tell it' }).waitFor()
    await entry.getByRole('button', { name: 'Open it' }).click()
    await page.getByRole('dialog', { name: 'Its own page' }).waitFor()
    await said().filter({ hasText: 'DEFAULT' }).waitFor()
    const { mine, entityTypeId, entityId, activityId } = JSON.parse((await said().innerText()).replace(/^\w+ /, ''))
    assert.deepEqual({ mine, entityTypeId, entityId, activityId }, { mine: 8, entityTypeId: 2, entityId: 4, activityId: activity.id })
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
    for (const [name, found] of [['By the menu', /"mine":9/], ['My menu', /CRM_DEAL_ACTIVITY_TIMELINE_MENU.*"ASSOCIATED_ENTITY_ID"/]]) {
      await entry.getByRole('button', { name: /Edit/ }).click()
      await page.getByRole('menuitem', { name }).click()
      await said().filter({ hasText: found }).waitFor()
      await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
    }
  })

  test('blocks that it adds to an activity appear by themselves, in the language of the page, and tell it', async () => {
    const added = await as('crm.activity.todo.add', { ownerTypeId: 2, ownerId: 5, deadline: '2031-01-01T10:00:00+00:00', title: 'Enriched' })
    await page.evaluate(() => (location.hash = '#/card/2/5'))
    const entry = page.locator('.entry', { hasText: 'Enriched' })
    await entry.waitFor()
    const blocks = {
      a: { type: 'text', properties: { value: { ru: 'По-русски', en: 'Parcel is <b>late</b>' } } },
      b: { type: 'link', properties: { text: 'Ask again', action: { type: 'restEvent', id: 'asked', animationType: 'disable' } } }
    }
    const of = { entityTypeId: 2, entityId: 5, activityId: added.id }
    await as('crm.activity.layout.blocks.set', { ...of, layout: { blocks } })
    await entry.getByText('Parcel is <b>late</b>').waitFor()
    assert.equal(await entry.getByText('По-русски').count(), 0)
    await entry.getByRole('button', { name: 'Ask again' }).click()
    const told = () => app.posts.find(post => post.body['data[id]'] === 'asked')
    while (!told()) await new Promise(done => setImmediate(done))
    assert.equal(told().body['data[activityId]'], `${added.id}`)
    await as('crm.activity.layout.blocks.delete', of)
    await entry.getByText('Parcel is').waitFor({ state: 'detached' })
  })
})
