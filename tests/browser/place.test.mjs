// Places of the page that applications fill, and the buttons of activities that they describe.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { rapport } from '../wire/lib/server.mjs'
import { handler } from './lib/handler.mjs'
import { open, violations } from './lib/page.mjs'

const SDK = `
  import { initializeB24Frame } from '@bitrix24/b24jssdk'
  window.b24 = initializeB24Frame()
  // What a place with the built-in interface shows, and what it does.
  async function describe({ placement, actions }) {
    const { entityTypeId, entityId } = placement.options
    const heard = []
    const bind = (command, block, act) => void placement.callCustomBind(command, block, event => (heard.push([command, event]), act?.(event)))
    bind('bindValueChangeCallback', null)
    bind('bindValueChangeCallback', 'kind', ({ value }) => placement.call('setLayoutItemState', { id: 'why', visible: value === 'other' }))
    bind('bindLayoutEventCallback', null, () => placement.call('setLayoutItemState', { id: 'name', properties: { errorText: 'Too short' } }))
    bind('bindEntityUpdateCallback', null)
    bind('bindSecondaryButtonClickCallback', null, () => placement.call('finish'))
    bind('bindPrimaryButtonClickCallback', null, async () => {
      await placement.call('lock')
      const { value } = heard.findLast(([, event]) => event?.id === 'name')[1]
      await actions.v2.call.make({ method: 'crm.activity.todo.add', params: { ownerTypeId: entityTypeId, ownerId: entityId, deadline: '2031-01-01T10:00:00+00:00', title: value } })
      await placement.call('unlock')
      await placement.call('setPrimaryButtonState', { title: 'Made', state: 'disabled' })
    })
    const text = value => ({ type: 'text', properties: { value } })
    await placement.call('setLayout', {
      blocks: {
        head: { type: 'section', properties: { type: 'withBorder', imageSrc: 'https://elsewhere.example/x.png', blocks: { title: text('<b>A deed</b>'), some: { type: 'list', properties: { blocks: { a: text('First'), b: text('Second') } } } } } },
        name: { type: 'input', properties: { title: 'Name', value: 'To be said', placeholder: 'Name' } },
        kind: { type: 'select', properties: { title: 'Kind', values: { usual: 'Usual', other: 'Other' } } },
        why: { type: 'textarea', visible: false, properties: { title: 'Why' } },
        check: { type: 'link', properties: { text: 'Check it', action: { type: 'layoutEvent', value: 'check' } } },
        more: { type: 'link', properties: { text: 'Open more', action: { type: 'openRestApp', value: { mine: 3 }, sliderParams: { title: 'More of it' } } } },
        bad: { type: 'link', properties: { text: 'Bad', action: { type: 'redirect', value: 'javascript:alert(1)' } } }
      },
      primaryButton: { title: 'Make it' },
      secondaryButton: { title: 'Leave it' }
    })
    window.heard = heard
  }
  window.b24.then(frame => frame.placement.options.useBuiltInInterface === 'Y' && !frame.placement.options.mine && describe(frame))
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
    const { id } = JSON.parse(rapport('app', 'add', '--data', at.server.dir, '--json', '--name', 'Filler', '--handler', app.url, '--scope', 'crm,user,placement,imopenlines').out)
    token = JSON.parse(rapport('token', 'issue', '--app', `${id}`, '--user', '1', '--json', '--data', at.server.dir).out).access_token
    for (const [PLACEMENT, TITLE] of [['CRM_DEAL_DETAIL_TAB', 'My tab'], ['CRM_DEAL_DETAIL_TOOLBAR', 'My tool'], ['CRM_DEAL_DETAIL_ACTIVITY', 'My deed'], ['CRM_DEAL_ACTIVITY_TIMELINE_MENU', 'My menu'], ['CRM_DEAL_LIST_TOOLBAR', 'Of all'], ['CRM_DEAL_LIST_MENU', 'Of one'], ['CRM_ACTIVITY_LIST_MENU', 'Of my day']])
      await as('placement.bind', { PLACEMENT, TITLE, HANDLER: `${app.url}place` })
    await as('event.bind', { event: 'onCrmTimelineItemAction', handler: `${app.url}event` })
    await at.signIn('#/day')
  })
  after(async () => {
    // An image of another host is asked for by a layout, and never loaded.
    at.wrong.splice(0, at.wrong.length, ...at.wrong.filter(one => !/Loading the image 'https:..elsewhere.example/.test(one)))
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

  test('a field of a type that it made is shown and changed by its page', async () => {
    await as('userfieldtype.add', { USER_TYPE_ID: 'colour', HANDLER: `${app.url}colour`, TITLE: 'Colour', OPTIONS: { height: 90 } })
    const [{ app: id }] = (await page.evaluate(() => fetch('/console/app', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"action":"list"}' }).then(answer => answer.json()))).map(one => ({ app: one.id }))
    await at.server.result('crm.deal.userfield.add', { fields: { FIELD_NAME: 'PAINT', USER_TYPE_ID: `rest_${id}_colour`, EDIT_FORM_LABEL: { en: 'Paint' } } })
    await at.server.result('crm.deal.update', { id: 6, fields: { UF_CRM_PAINT: 'red' } })
    await page.reload()
    await page.evaluate(() => (location.hash = '#/card/2/6'))
    await said().filter({ hasText: '"MODE":"view"' }).waitFor()
    const told = async () => JSON.parse((await said().innerText()).replace(/^\w+ /, ''))
    const { URI, ...shown } = await told()
    assert.equal(URI, '/#/card/2/6')
    assert.deepEqual(shown, { MODE: 'view', ENTITY_ID: 'CRM_DEAL', FIELD_NAME: 'UF_CRM_PAINT', ENTITY_VALUE_ID: '6', VALUE: 'red', MULTIPLE: 'N', MANDATORY: 'N', XML_ID: null })
    const inside = () => page.frames().find(one => one.url().startsWith(`${app.url}colour`) && !one.isDetached())
    const call = code => inside().evaluate(async text => (await window.b24, Function('b24', `return ${text}`)(await window.b24)), code)
    assert.deepEqual(await call('b24.placement.getInterface()'), { command: ['setValue', 'getValue'], event: [] })
    await page.getByRole('button', { name: 'Edit: Paint' }).click()
    await said().filter({ hasText: '"MODE":"edit"' }).waitFor()
    assert.equal(await call("b24.placement.call('getValue')"), 'red')
    await call("b24.placement.setValue('deep: blue')")
    assert.equal(await call("b24.placement.call('getValue')"), 'deep: blue')
    await page.getByRole('button', { name: 'Save' }).click()
    await said().filter({ hasText: /"MODE":"view".*"VALUE":"deep: blue"/ }).waitFor()
    assert.equal((await at.server.result('crm.deal.get', { id: 6 })).UF_CRM_PAINT, 'deep: blue')
    assert.deepEqual(await violations(page), [])
    // More than an address may be long.
    const long = Array.from({ length: 40 }, (_, i) => `${i} ${'long '.repeat(400)}end`)
    await at.server.result('crm.deal.userfield.add', { fields: { FIELD_NAME: 'PAINTS', MULTIPLE: 'Y', USER_TYPE_ID: `rest_${id}_colour`, EDIT_FORM_LABEL: { en: 'Paints' } } })
    await at.server.result('crm.deal.update', { id: 6, fields: { UF_CRM_PAINTS: long } })
    await page.reload()
    const paints = page.frameLocator('iframe.host[title="Deal: Paints"]').frameLocator('iframe.application').locator('#said')
    await paints.filter({ hasText: '39 long' }).waitFor()
    const colours = JSON.parse((await paints.textContent()).replace(/^[^{]*/, ''))
    assert.deepEqual(colours.VALUE, long)
  })

  test('an interface that it describes is drawn at the card, and acts', async () => {
    await as('placement.bind', { PLACEMENT: 'CRM_DEAL_DETAIL_ACTIVITY', TITLE: 'My own', HANDLER: `${app.url}built`, OPTIONS: { useBuiltInInterface: 'Y' } })
    await page.evaluate(() => (location.hash = '#/card/2/7'))
    await page.reload()
    await page.getByRole('button', { name: 'My own' }).click()
    const own = page.frameLocator('iframe.host[title="My own"]')
    await own.getByText('<b>A deed</b>').waitFor()
    await own.getByRole('listitem').filter({ hasText: 'Second' }).waitFor()
    assert.equal(await own.locator('iframe.application').isVisible(), false)
    assert.equal(await own.getByRole('button', { name: 'Bad' }).isDisabled(), true)
    assert.equal(await own.getByLabel('Why').count(), 0)
    await own.getByLabel('Kind').selectOption('other')
    await own.getByLabel('Why').waitFor()
    await own.getByRole('button', { name: 'Check it' }).click()
    await own.getByText('Too short').waitFor()
    assert.equal(await own.getByLabel('Name').getAttribute('aria-invalid'), 'true')
    await own.getByLabel('Name').fill('Said by its own')
    assert.deepEqual(await violations(page), [])
    await own.getByRole('button', { name: 'Make it' }).click()
    await own.getByRole('button', { name: 'Made' }).waitFor()
    assert.equal(await own.getByRole('button', { name: 'Made' }).isDisabled(), true)
    await page.locator('.entry', { hasText: 'Said by its own' }).waitFor()
    const inside = page.frames().find(one => one.url().startsWith(`${app.url}built`))
    await at.server.result('crm.deal.update', { id: 7, fields: { TITLE: 'Changed meanwhile' } })
    await inside.waitForFunction(() => window.heard.some(([command]) => command === 'bindEntityUpdateCallback'))
    assert.deepEqual(
      (await inside.evaluate(() => window.heard)).filter(([command, event]) => command !== 'bindEntityUpdateCallback' && event && event.id !== 'name'),
      [['bindValueChangeCallback', { id: 'kind', value: 'other' }], ['bindValueChangeCallback', { id: 'kind', value: 'other' }], ['bindLayoutEventCallback', { id: 'check', value: 'check' }]]
    )
    await own.getByRole('button', { name: 'Open more' }).click()
    await own.getByRole('dialog', { name: 'More of it' }).frameLocator('iframe').locator('#said').filter({ hasText: '"mine":3' }).waitFor()
    await own.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
    await own.getByRole('button', { name: 'Leave it' }).click()
    await page.locator('iframe.host[title="My own"]').waitFor({ state: 'detached' })
  })

  test('a place that no screen has is opened from the page of the application', async () => {
    const { id } = JSON.parse(rapport('app', 'list', '--json', '--data', at.server.dir).out)[0]
    for (const [PLACEMENT, TITLE] of [['SETTING_CONNECTOR', 'Its connector'], ['CRM_ANALYTICS_MENU', '']]) await as('placement.bind', { PLACEMENT, TITLE, HANDLER: `${app.url}other` })
    await page.evaluate(to => (location.hash = to), `#/app/${id}`)
    await page.reload()
    const others = page.getByRole('group', { name: 'Its other places' })
    await others.getByRole('button', { name: 'Its connector' }).click()
    const opened = page.getByRole('dialog').frameLocator('iframe.host').frameLocator('iframe.application').locator('#said')
    await opened.filter({ hasText: /^SETTING_CONNECTOR .*"LINE":"1"/ }).waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
    assert.deepEqual(await others.getByRole('button').allInnerTexts(), ['Its connector', 'CRM_ANALYTICS_MENU'])
  })
})
