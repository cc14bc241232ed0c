// My day, as a person works through it. Most of the demo's activities are others on another day of the week, so what is named here
// is made here; the overdue call of the first test is there every day.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { open } from './lib/page.mjs'

describe('my day', () => {
  let at, page
  const plan = (subject, hours) =>
    at.server.result('crm.activity.todo.add', {
      ownerTypeId: 2, ownerId: 1, title: subject, description: '', responsibleId: 1,
      deadline: new Date(Date.now() + hours * 3_600_000).toISOString()
    })
  before(async () => {
    at = await open()
    page = at.page
    await plan('Ask for the drawings', -30)
    await plan('Send the drawings', 24 * 9)
    await at.signIn()
  })
  after(() => at.close())

  const row = name => page.getByRole('listitem').filter({ hasText: name })

  test('an overdue call is found, its deal opened, its timeline read, the call completed, and the log of calls shows it', async () => {
    const overdue = page.getByRole('region', { name: /Overdue/ })
    const call = overdue.getByRole('listitem').filter({ hasText: 'Outgoing call Andrew Johnson' })
    await call.getByRole('link', { name: "The documentation's deal" }).click()
    await page.getByRole('heading', { level: 1, name: "The documentation's deal" }).waitFor()
    const planned = page.getByRole('region', { name: 'Planned' })
    const entry = planned.getByRole('listitem').filter({ hasText: 'Outgoing call Andrew Johnson' })
    await entry.getByRole('button', { name: 'Complete' }).click()
    await entry.waitFor({ state: 'detached' })
    const done = page.getByRole('region', { name: 'History' }).getByRole('listitem').filter({ hasText: 'Outgoing call Andrew Johnson' })
    await done.waitFor()
    const [activity] = await at.server.result('crm.activity.list', { filter: { '%SUBJECT': 'Outgoing call Andrew Johnson' }, select: ['ID', 'COMPLETED'] })
    assert.equal(activity.COMPLETED, 'Y')

    await page.getByRole('link', { name: 'Calls', exact: true }).click()
    await page.getByRole('checkbox', { name: 'Calls of this page, too' }).check()
    const logged = page.getByRole('button', { name: /crm\.activity\.update/ }).first()
    await logged.click()
    await page.getByRole('region', { name: 'Parameters' }).getByText('"COMPLETED": "Y"').waitFor()
    await page.getByRole('region', { name: 'Answer' }).getByText('"result": true').waitFor()
  })

  test('what is completed by mistake is undone', async () => {
    await page.getByRole('link', { name: 'My day' }).click()
    const name = 'Ask for the drawings'
    await page.getByRole('button', { name: `Complete: ${name}` }).click()
    await row(name).waitFor({ state: 'detached' })
    await page.getByRole('status').getByRole('button', { name: 'Undo' }).last().click()
    await row(name).waitFor()
    const [activity] = await at.server.result('crm.activity.list', { filter: { SUBJECT: name, RESPONSIBLE_ID: 1 }, select: ['COMPLETED'] })
    assert.equal(activity.COMPLETED, 'N')
  })

  test('moved by the menu, with the keyboard alone', async () => {
    const name = 'Send the drawings'
    const before = (await at.server.result('crm.activity.list', { filter: { SUBJECT: name }, select: ['DEADLINE'] }))[0].DEADLINE
    await page.getByRole('button', { name: `Move to another day: ${name}` }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitem', { name: 'Tomorrow' }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('region', { name: /^Tomorrow/ }).getByText(name).waitFor()
    const after = (await at.server.result('crm.activity.list', { filter: { SUBJECT: name }, select: ['DEADLINE'] }))[0].DEADLINE
    assert.notEqual(after, before)
  })

  test('what another client changes appears without a reload', async () => {
    await at.server.result('crm.activity.todo.add', { ownerTypeId: 2, ownerId: 1, title: 'From elsewhere', description: '', deadline: '2030-01-01T10:00:00+00:00', responsibleId: 1 })
    await page.getByRole('region', { name: /^Later/ }).getByText('From elsewhere').waitFor()
    const [made] = await at.server.result('crm.activity.list', { filter: { SUBJECT: 'From elsewhere' }, select: ['ID'] })
    await at.server.result('crm.activity.delete', { id: made.ID })
    await page.getByText('From elsewhere').waitFor({ state: 'detached' })
  })

  test('a new to-do in two fields', async () => {
    await page.getByRole('button', { name: 'New to-do' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('What is to be done').fill('Send the offer')
    await dialog.getByRole('combobox', { name: 'For' }).fill('Acorn Logistics')
    await dialog.getByRole('option', { name: /Cold storage for Acorn Logistics/ }).click()
    await dialog.getByRole('button', { name: 'Add' }).click()
    await dialog.waitFor({ state: 'detached' })
    const [made] = await at.server.result('crm.activity.list', { filter: { SUBJECT: 'Send the offer' }, select: ['OWNER_TYPE_ID', 'OWNER_ID', 'RESPONSIBLE_ID', 'DEADLINE'] })
    assert.deepEqual([made.OWNER_TYPE_ID, made.OWNER_ID, made.RESPONSIBLE_ID], ['2', '1', '1'])
    const days = (new Date(made.DEADLINE) - Date.now()) / 86_400_000
    assert.ok(days > 2 && days < 6, `three working days: ${days}`)
    await row('Send the offer').waitFor()
  })

  test('search finds a person by a part of the name, and by phone', async () => {
    const search = page.getByRole('search').getByRole('combobox')
    await search.fill('harp')
    await page.getByRole('option', { name: /James Harper/ }).click()
    await page.getByRole('heading', { level: 1, name: 'James Harper' }).waitFor()
    await page.getByRole('search').getByRole('combobox').fill('+44 20 7946 0100')
    await page.getByRole('option', { name: /James Harper/ }).waitFor()
  })

  test('of a colleague; the address keeps it', async () => {
    await page.evaluate(() => (location.hash = '#/day?whose=2'))
    await page.getByRole('heading', { level: 1, name: 'Мария Иванова' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'Мария Иванова' }).waitFor()
  })
})
