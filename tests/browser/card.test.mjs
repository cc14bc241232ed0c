// Cards, lists and the board.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { open } from './lib/page.mjs'
import { rapport } from '../wire/lib/server.mjs'

function applicationToken({ server }) {
  const run = (...args) => {
    const done = rapport(...args, '--json', '--data', server.dir)
    assert.equal(done.code, 0, done.err)
    return JSON.parse(done.out)
  }
  const app = run('app', 'add', '--name', 'Shop', '--scope', 'crm')
  return run('token', 'issue', '--app', `${app.id}`, '--user', '1').access_token
}

describe('cards and lists', () => {
  let at, page
  before(async () => {
    at = await open()
    page = at.page
    await at.server.result('crm.deal.userfield.add', { fields: { FIELD_NAME: 'COLOUR', USER_TYPE_ID: 'enumeration', EDIT_FORM_LABEL: { en: 'Colour' }, LIST: [{ VALUE: 'red' }, { VALUE: 'green' }] } })
    await at.signIn('#/card/2/1')
  })
  after(() => at.close())

  const edit = async (label, change) => {
    await page.getByRole('button', { name: `Edit: ${label}` }).click()
    await change()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' })
  }

  test('a field is changed, and a custom one', async () => {
    await edit('Amount', () => page.getByRole('spinbutton', { name: 'Amount' }).fill('12500'))
    await page.getByText('€12,500').waitFor()
    await page.getByRole('button', { name: 'Show empty fields' }).click()
    await edit('Colour', () => page.getByRole('combobox', { name: 'Colour' }).selectOption({ label: 'green' }))
    const deal = await at.server.result('crm.deal.get', { id: 1 })
    assert.equal(Number(deal.OPPORTUNITY), 12500)
    const { LIST } = (await at.server.result('crm.deal.userfield.list', {}))[0]
    assert.equal(LIST.find(one => one.ID === deal.UF_CRM_COLOUR).VALUE, 'green')
  })

  test('what is refused is said, and what was typed stays', async () => {
    await page.getByRole('button', { name: 'Edit: Start Date' }).click()
    await page.getByLabel('Start Date').fill('2026-12-01')
    await at.server.result('crm.deal.userfield.add', { fields: { FIELD_NAME: 'MUST', USER_TYPE_ID: 'string', MANDATORY: 'Y', EDIT_FORM_LABEL: { en: 'Must' } } })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Save' }).waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'Deals', exact: true }).first().click()
    await page.getByRole('button', { name: 'Deal', exact: true }).first().click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Title').fill('Without what it must have')
    await dialog.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('status').getByText(/UF_CRM_MUST/).waitFor()
    assert.equal(await dialog.getByLabel('Title').inputValue(), 'Without what it must have')
    await dialog.getByRole('button', { name: 'Close' }).click()
    const [field] = await at.server.result('crm.deal.userfield.list', { filter: { FIELD_NAME: 'UF_CRM_MUST' } })
    await at.server.result('crm.deal.userfield.delete', { id: field.ID })
    await page.evaluate(() => (location.hash = '#/card/2/1'))
  })

  test('a stage is set by its bar, and undone', async () => {
    const bar = page.getByRole('group', { name: 'Stages: Deal' })
    await bar.getByRole('button', { name: 'In progress' }).click()
    await bar.locator('[aria-current=step]', { hasText: 'In progress' }).waitFor()
    await page.getByRole('region', { name: 'History' }).getByText('Moved to: In progress').waitFor()
    await page.getByRole('status').getByRole('button', { name: 'Undo' }).last().click()
    await bar.locator('[aria-current=step]', { hasText: 'Prepayment invoice' }).waitFor()
    assert.equal((await at.server.result('crm.deal.get', { id: 1 })).STAGE_ID, 'PREPAYMENT_INVOICE')
  })

  test('a comment, a call; the comment is pinned', async () => {
    const content = Buffer.from('two chairs').toString('base64')
    await at.server.result('crm.timeline.comment.add', { fields: { ENTITY_TYPE: 'deal', ENTITY_ID: 1, COMMENT: 'With a file', FILES: [['order.txt', content]] } })
    await page.reload()
    const file = await page.getByRole('link', { name: 'order.txt' }).getAttribute('href')
    assert.equal(await (await fetch(file)).text(), 'two chairs')
    await page.getByRole('textbox', { name: 'Write a comment' }).fill('They want <b>two</b> of them')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    const comment = page.getByRole('region', { name: 'History' }).getByRole('listitem').filter({ hasText: 'of them' })
    await comment.waitFor()
    await comment.getByRole('button', { name: /Edit/ }).click()
    await page.getByRole('menuitem', { name: 'Pin' }).click()
    await page.getByRole('region', { name: 'Pinned' }).getByText('of them').waitFor()
    await page.getByRole('button', { name: 'Call', exact: true }).click()
    await page.getByLabel('Subject').fill('Ask about the colour')
    await page.getByRole('button', { name: 'Plan a call' }).click()
    await page.getByRole('region', { name: 'Planned' }).getByText('Ask about the colour').waitFor()
    const [call] = await at.server.result('crm.activity.list', { filter: { SUBJECT: 'Ask about the colour' }, select: ['TYPE_ID', 'COMPLETED', 'OWNER_ID'] })
    assert.deepEqual([call.TYPE_ID, call.COMPLETED, call.OWNER_ID], ['2', 'N', '1'])
  })

  test('a long timeline comes as one scrolls; what goes from its older part is gone', async () => {
    const cmd = {}
    for (let i = 0; i < 50; i++) cmd[`c${i}`] = { method: 'crm.timeline.comment.add', params: { fields: { ENTITY_TYPE: 'deal', ENTITY_ID: 4, COMMENT: `Comment ${i}` } } }
    for (let i = 0; i < 4; i++) await at.server.result('batch', { halt: 1, cmd })
    await page.evaluate(() => (location.hash = '#/card/2/4'))
    const history = page.getByRole('region', { name: 'History' })
    await history.getByText('Comment 49').first().waitFor()
    while ((await history.locator('.k-comment').count()) < 200) await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
    const old = history.getByRole('listitem').filter({ has: page.getByText('Comment 0', { exact: true }) }).last()
    await old.getByRole('button', { name: /Edit/ }).click()
    await page.getByRole('menuitem', { name: 'Remove' }).click()
    await page.getByRole('status').getByText('The comment is deleted').waitFor()
    await page.waitForFunction(() => document.querySelectorAll('.entry.k-comment').length === 199)
    await page.evaluate(() => (location.hash = '#/card/2/1'))
  })

  test('product rows', async () => {
    await page.getByRole('button', { name: 'Add a product' }).click()
    const products = page.getByRole('region', { name: 'Products' })
    await products.getByLabel('Name').fill('Chair')
    await products.getByLabel('Price').fill('40')
    await products.getByLabel('Quantity').fill('3')
    await products.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('row', { name: /Chair €40 3/ }).waitFor()
    const { productRows } = await at.server.result('crm.item.productrow.list', { filter: { '=ownerType': 'D', '=ownerId': 1 } })
    assert.deepEqual(productRows.map(row => [row.productName, row.price, row.quantity]), [['Chair', 40, 3]])
  })

  test('a contact shows what is linked with it', async () => {
    await page.getByRole('link', { name: 'James Harper' }).first().click()
    await page.getByRole('heading', { level: 1, name: 'James Harper' }).waitFor()
    await page.getByRole('region', { name: 'Linked' }).getByRole('link', { name: 'Cold storage for Acorn Logistics' }).waitFor()
    await page.getByRole('region', { name: 'Phones and e-mails' }).getByRole('link', { name: '+44 20 7946 0100' }).waitFor()
  })

  test('a layout of an application is drawn, and nothing of it is markup', async () => {
    const layout = {
      icon: { code: 'call-completed' },
      header: { title: '<img src=x onerror=alert(1)> Order 7', tags: { a: { type: 'success', title: 'paid' } } },
      body: { logo: { code: 'call-incoming' }, blocks: { a: { type: 'text', properties: { value: 'Two chairs' } }, b: { type: 'withTitle', properties: { title: 'Sum', inline: true, block: { type: 'text', properties: { value: '80 EUR' } } } } } },
      footer: { buttons: { a: { title: 'Open the order', type: 'primary', action: { type: 'redirect', uri: 'https://shop.example/7' } }, b: { title: 'Bad', type: 'secondary', action: { type: 'redirect', uri: 'javascript:alert(1)' } } } }
    }
    const app = applicationToken(at)
    const made = await at.server.call('crm.activity.configurable.add', { ownerTypeId: 2, ownerId: 1, fields: { completed: false }, layout, auth: app }, { base: `${at.server.url}rest/` })
    assert.equal(made.status, 200, JSON.stringify(made.json))
    await page.evaluate(() => (location.hash = '#/card/2/1'))
    const entry = page.getByRole('region', { name: 'Planned' }).getByRole('listitem').filter({ hasText: 'Order 7' })
    await entry.getByText('<img src=x').waitFor()
    await entry.getByText('paid').waitFor()
    await entry.getByText('80 EUR').waitFor()
    assert.equal(await entry.getByRole('link', { name: 'Open the order' }).getAttribute('href'), 'https://shop.example/7')
    assert.equal(await entry.getByRole('button', { name: 'Bad' }).isDisabled(), true)
    assert.equal(await entry.locator('img').count(), 0)
  })

  test('a list is filtered, sorted, and keeps both in its address; a row is added', async () => {
    await page.getByRole('link', { name: 'Deals', exact: true }).first().click()
    await page.getByLabel('Search in the title').fill('lighting')
    await page.keyboard.press('Enter')
    await page.getByRole('row').filter({ hasNotText: 'LED lighting' }).nth(1).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Amount' }).click()
    const amounts = async () => (await page.getByRole('row').locator('td:nth-of-type(3)').allTextContents()).map(text => Number(text.replace(/[^\d.]/g, '')))
    await page.locator('th[aria-sort=ascending]', { hasText: 'Amount' }).waitFor()
    const { items } = await at.server.result('crm.item.list', { entityTypeId: 2, filter: { '%title': 'lighting' }, order: { opportunity: 'ASC', id: 'DESC' }, select: ['opportunity'] })
    await page.waitForFunction(first => document.querySelector('tbody td:nth-of-type(3)')?.textContent.replace(/[^\d.]/g, '') === first, String(items[0].opportunity))
    assert.deepEqual(await amounts(), items.map(item => item.opportunity))
    assert.match(page.url(), /text=lighting/)
    await page.getByRole('button', { name: 'Deal', exact: true }).first().click()
    await page.getByRole('dialog').getByLabel('Title').fill('Made in the browser')
    await page.getByRole('dialog').getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: 'Made in the browser' }).waitFor()
  })

  test('the board: a tile is moved by its menu', async () => {
    await page.evaluate(() => (location.hash = '#/board/2'))
    const fresh = page.getByRole('region', { name: /^New/ }).getByRole('listitem').filter({ hasText: 'Made in the browser' })
    await fresh.getByRole('button', { name: /Move to a stage/ }).click()
    await page.getByRole('menuitem', { name: 'Final invoice' }).click()
    await page.getByRole('region', { name: /^Final invoice/ }).getByText('Made in the browser').waitFor()
    const [deal] = await at.server.result('crm.deal.list', { filter: { TITLE: 'Made in the browser' }, select: ['STAGE_ID'] })
    assert.equal(deal.STAGE_ID, 'FINAL_INVOICE')
  })
})
