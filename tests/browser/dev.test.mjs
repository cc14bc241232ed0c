// The half for developers and administrators.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { open } from './lib/page.mjs'

describe('for developers', () => {
  let at, page
  before(async () => {
    at = await open()
    page = at.page
    await at.signIn('#/calls')
    await page.getByRole('heading', { level: 1, name: 'Calls' }).waitFor()
  })
  after(() => at.close())

  test('a call appears as it comes, with what was ignored in it; it is copied and repeated', async () => {
    await at.server.result('crm.deal.list', { filter: { TITEL: 'x' }, select: ['ID'], oredr: { ID: 'ASC' } })
    const call = page.getByRole('button', { name: /crm\.deal\.list/ })
    await call.click()
    await page.getByText('filter.TITEL', { exact: true }).waitFor()
    await page.getByText('parameters.oredr', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Repeat as myself' }).click()
    await page.getByRole('region', { name: 'Repeat as myself' }).waitFor()
    await at.tab.grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.getByRole('button', { name: 'Copy as' }).click()
    await page.getByRole('menuitem', { name: 'curl' }).click()
    await page.getByRole('status').getByText('Copied').waitFor()
    const text = await page.evaluate(() => navigator.clipboard.readText())
    assert.match(text, /^curl -H 'Content-Type: application\/json'/)
    assert.match(text, /"TITEL": "x"/)
  })

  test('only what went wrong', async () => {
    assert.equal((await at.server.call('crm.deal.get', { id: 99999 })).status, 400)
    await at.server.result('server.time', {})
    await page.getByRole('checkbox', { name: 'Only what went wrong or was left out' }).check()
    await page.getByRole('button', { name: /400 crm\.deal\.get/ }).waitFor()
    assert.equal(await page.getByRole('button', { name: /server\.time/ }).count(), 0)
  })

  test('a method is found, tried, and says what it takes', async () => {
    await page.getByRole('link', { name: 'Methods' }).click()
    await page.getByLabel('Find a method').fill('activity update')
    await page.getByRole('link', { name: 'crm.activity.update', exact: true }).click()
    await page.getByRole('heading', { level: 2, name: 'crm.activity.update' }).waitFor()
    await page.getByRole('textbox', { name: 'Parameters, as JSON' }).fill('{"id": 999, "fields": {"SUBJECT": "From the explorer"}}')
    await page.getByRole('button', { name: 'Call', exact: true }).click()
    await page.getByRole('region', { name: 'Answer' }).getByText('"result": true').waitFor()
    assert.equal((await at.server.result('crm.activity.get', { id: 999 })).SUBJECT, 'From the explorer')
  })

  test('a fault makes a call fail, and goes; the clock stands', async () => {
    await page.getByRole('link', { name: 'Faults and clock' }).click()
    await page.getByLabel('Method').fill('crm.lead.get')
    await page.getByLabel('Error code').fill('QUERY_LIMIT_EXCEEDED')
    await page.getByRole('button', { name: 'Add a fault' }).click()
    const fault = page.getByRole('listitem').filter({ hasText: 'crm.lead.get' })
    await fault.waitFor()
    assert.equal((await at.server.call('crm.lead.get', { id: 1 })).json.error, 'QUERY_LIMIT_EXCEEDED')
    await fault.getByRole('button', { name: 'Remove' }).click()
    await fault.waitFor({ state: 'detached' })
    assert.equal((await at.server.call('crm.lead.get', { id: 1 })).status, 200)
    await page.getByRole('button', { name: 'Freeze', exact: true }).click()
    await page.getByText('stands still').waitFor()
    const times = [await at.server.result('server.time', {}), await at.server.result('server.time', {})]
    assert.equal(times[0], times[1])
    await page.getByRole('button', { name: 'The system’s time' }).click()
    await page.getByText('(runs)').waitFor()
  })

  test('a custom field, a funnel with a stage, a smart process, a user, a department', async () => {
    await page.getByRole('link', { name: 'Custom fields' }).click()
    await page.getByRole('button', { name: 'Add a field' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Label').fill('Order number')
    await dialog.getByLabel('Name').fill('order')
    await dialog.getByRole('button', { name: 'Add' }).click()
    await page.getByRole('row', { name: /Order number UF_CRM_ORDER string/ }).waitFor()
    assert.ok((await at.server.result('crm.deal.fields', {})).UF_CRM_ORDER)

    await page.getByRole('link', { name: 'Funnels and types' }).click()
    await page.getByLabel('New funnel').fill('Service')
    await page.getByRole('region', { name: 'Stages' }).getByRole('button', { name: 'Add' }).first().click()
    await page.getByRole('combobox', { name: 'Funnel', exact: true }).selectOption({ label: 'Service' })
    await page.getByLabel('New stage').fill('Waiting for parts')
    await page.getByRole('region', { name: 'Stages' }).getByRole('button', { name: 'Add' }).last().click()
    await page.getByRole('textbox', { name: 'Title: Waiting for parts' }).waitFor()
    const { categories } = await at.server.result('crm.category.list', { entityTypeId: 2 })
    const service = categories.find(one => one.name === 'Service')
    const stages = await at.server.result('crm.status.list', { filter: { ENTITY_ID: `DEAL_STAGE_${service.id}` } })
    assert.ok(stages.some(stage => stage.NAME === 'Waiting for parts'))

    await page.getByLabel('New smart process').fill('Equipment')
    await page.getByRole('region', { name: 'Smart processes' }).getByRole('button', { name: 'Add' }).click()
    await page.getByRole('navigation').getByRole('link', { name: 'Equipment' }).click()
    await page.getByRole('button', { name: 'Equipment', exact: true }).last().click()
    await page.getByRole('dialog').getByLabel('Title').fill('Forklift')
    await page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'Forklift' }).waitFor()

    await page.getByRole('link', { name: 'Users' }).click()
    await page.getByRole('button', { name: 'New user' }).click()
    await page.getByRole('dialog').getByLabel('E-mail').fill('new.person@example.com')
    await page.getByRole('dialog').getByLabel('First name').fill('New')
    await page.getByRole('dialog').getByRole('button', { name: 'Add' }).click()
    const row = page.getByRole('row', { name: /new\.person@example\.com/ })
    await row.getByRole('button', { name: 'Dismiss' }).click()
    await row.getByRole('button', { name: 'Take back' }).waitFor()
    const [user] = await at.server.result('user.get', { FILTER: { EMAIL: 'new.person@example.com' } })
    assert.equal(user.ACTIVE, false)
    await page.getByLabel('New department').fill('Night shift')
    await page.getByRole('region', { name: 'Departments' }).getByRole('button', { name: 'Add' }).click()
    await page.getByRole('listitem').filter({ hasText: 'Night shift' }).waitFor()
  })
})

test('who is no administrator sees no administration, and no calls', async () => {
  const at = await open({ user: 2 })
  await at.signIn()
  await at.page.getByRole('link', { name: 'Deals', exact: true }).waitFor()
  for (const name of ['Calls', 'Users', 'Custom fields', 'Faults and clock'])
    assert.equal(await at.page.getByRole('link', { name, exact: true }).count(), 0, name)
  await at.close()
})
