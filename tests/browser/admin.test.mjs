// What an administrator does for developers in the page: webhooks, applications, deliveries; and of roles.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { listen } from '../wire/lib/listen.mjs'
import { rapport } from '../wire/lib/server.mjs'
import { open } from './lib/page.mjs'

describe('an administrator, for developers', () => {
  let at, page
  const to = async (hash, name) => {
    await page.evaluate(where => (location.hash = where), hash)
    await page.getByRole('heading', { level: 1, name }).waitFor()
  }
  const button = name => page.getByRole('button', { name, exact: true })
  before(async () => {
    at = await open({ args: ['--control', '--event-attempts', '1'] })
    page = at.page
    await at.signIn('#/day')
  })
  after(() => {
    at.wrong.splice(0, at.wrong.length, ...at.wrong.filter(one => !/status of 400/.test(one)))
    return at.close()
  })

  test('makes a webhook, which works until he revokes it', async () => {
    await to('#/webhooks', 'Incoming webhooks')
    await button('New webhook').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Add' }).click()
    await dialog.getByRole('alert').waitFor() // for nobody
    await dialog.getByRole('combobox', { name: 'For' }).fill('Иванова')
    await dialog.getByRole('option').first().click()
    await dialog.getByRole('button', { name: 'Add' }).click()
    const url = await page.getByRole('dialog', { name: 'Shown this once' }).locator('.secret').innerText()
    const answer = () => fetch(`${url}profile`)
    assert.equal((await (await answer()).json()).result.LAST_NAME, 'Иванова')
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()
    const row = page.getByRole('row', { name: /Иванова.*crm, user/ }).first()
    await row.getByRole('button', { name: /^Revoke/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click()
    await page.getByRole('row', { name: /Иванова.*revoked/ }).waitFor()
    while ((await answer()).status === 200);
  })

  test('makes an application, says who may use it, and ends it', async () => {
    await to('#/apps', 'Applications')
    await button('New application').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('By hand')
    await dialog.getByLabel('Handler').fill('http://127.0.0.1:9/')
    await dialog.getByLabel('Who may use it').fill('1,999')
    await dialog.getByRole('button', { name: 'Add' }).click()
    await dialog.getByRole('alert').waitFor()
    await dialog.getByLabel('Who may use it').fill('')
    await dialog.getByRole('button', { name: 'Add' }).click()
    await page.getByRole('dialog', { name: 'Shown this once' }).locator('.secret').nth(2).waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()
    await page.getByRole('navigation').getByRole('link', { name: 'By hand' }).waitFor()
    const app = () => JSON.parse(rapport('app', 'list', '--json', '--data', at.server.dir).out).find(one => one.name === 'By hand')
    assert.deepEqual([app().scope, app().users], ['crm,placement,user', ''])
    await button('Who may use it: By hand').click()
    await page.getByRole('dialog').getByRole('textbox').fill('1,2')
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await page.getByRole('cell', { name: '1,2' }).waitFor()
    assert.equal(app().users, '1,2')
    await button('Revoke: By hand').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click()
    await page.getByRole('navigation').getByRole('link', { name: 'By hand' }).waitFor({ state: 'detached' })
    assert.equal(app().revoked, true)
  })

  test('sees what was not delivered, tries it again, and drops it', async () => {
    let status = 410, taken = 0
    const target = await listen((request, answer) => request.resume().on('end', () => answer.writeHead(status).end(() => (taken += status === 200))))
    rapport('hook', 'out', 'add', '--handler', target.url, '--event', 'onCrmDealUpdate', '--data', at.server.dir)
    const tell = () => at.server.result('crm.deal.update', { id: 1, fields: { COMMENTS: `${Math.random()}` } })
    await tell()
    await to('#/deliveries', /^Deliveries/)
    const row = page.getByRole('row', { name: /ONCRMDEALUPDATE Given up/ })
    while (!(await row.count())) {
      await button('Look again').click()
      await page.getByRole('heading', { level: 1, name: /\d+ wait/ }).waitFor()
    }
    assert.match(await row.innerText(), /HTTP status 410/)
    status = 200
    await row.getByRole('button', { name: /^Try again/ }).click()
    await row.waitFor({ state: 'detached' })
    while (!taken) await at.server.call('server.time', {}) // tried, and not only to be tried
    status = 410
    await tell()
    while (!(await row.count())) await button('Look again').click()
    await button('Drop all that were given up').click()
    await page.getByText('Nothing waits to be sent.').waitFor()
    await page.getByRole('row', { name: /ONCRMDEALUPDATE.*outgoing webhook/ }).waitFor()
    await target.close()
  })

  test('makes an outgoing webhook, and removes it', async () => {
    await to('#/hooks', 'Outgoing webhooks')
    await button('New webhook').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Handler').fill('http://127.0.0.1:9/shop')
    await dialog.getByLabel('Title').fill('To the shop')
    await dialog.getByRole('button', { name: 'Add' }).click()
    await dialog.getByRole('alert').waitFor() // no event
    await dialog.getByLabel('ONCRMLEADADD').check()
    await dialog.getByRole('button', { name: 'Add' }).click()
    const token = await page.getByRole('dialog', { name: 'application_token' }).locator('.secret').innerText()
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click()
    const hooks = () => JSON.parse(rapport('hook', 'out', 'list', '--json', '--data', at.server.dir).out).filter(one => one.title === 'To the shop')
    assert.deepEqual(hooks().map(one => [one.event, one.application_token]), [['ONCRMLEADADD', token]])
    await button('Remove: To the shop').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByRole('row', { name: /To the shop/ }).waitFor({ state: 'detached' })
    assert.deepEqual(hooks(), [])
  })

  test('makes a role, says what it allows, gives and takes it', async () => {
    await to('#/roles', 'Roles')
    await button('New role').click()
    await page.getByRole('dialog').getByLabel('Name').fill('Sellers')
    await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click()
    await page.getByRole('button', { name: 'Sellers', pressed: true }).waitFor()
    const role = () => JSON.parse(rapport('role', 'list', '--json', '--data', at.server.dir).out).find(one => one.name === 'Sellers')
    const choose = async (label, value) => {
      await page.getByLabel(label, { exact: true }).selectOption(value)
      while (!(await page.getByLabel(label, { exact: true }).evaluate((at, wanted) => at.isConnected && at.value === wanted, value)));
    }
    await choose('Deals: See', 'own')
    await choose('Deals: Change', 'all')
    await choose('Everything not named below: See', 'department')
    await choose('Deals: Change', '')
    assert.deepEqual(role().permissions, { others: { read: 'department' }, deal: { read: 'own' } })
    const who = page.getByRole('region', { name: 'Who has it' })
    await who.getByRole('combobox', { name: 'Person' }).fill('Иванова')
    await who.getByRole('listbox').getByRole('option').first().click()
    await who.getByRole('listitem').filter({ hasText: 'Иванова' }).waitFor()
    await who.getByLabel('Department').selectOption({ index: 1 })
    await who.getByRole('listitem').nth(1).waitFor()
    await who.getByRole('button', { name: 'Everybody' }).click()
    await who.getByRole('listitem').nth(2).waitFor()
    assert.deepEqual(role().members.map(one => one.kind), ['all', 'department', 'user'])
    await who.getByRole('listitem').filter({ hasText: 'Everybody' }).getByRole('button', { name: 'Remove' }).click()
    await who.getByRole('listitem').nth(2).waitFor({ state: 'detached' })
    await button('Remove this role').click()
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
    await button('Sellers').waitFor({ state: 'detached' })
    assert.equal(role(), undefined)
  })
})
