// What all screens stand on: reading again, names, parts that do not come, focus, and values by their descriptors.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { open } from './lib/page.mjs'

describe('what screens stand on', () => {
  let at, page, rest
  before(async () => {
    at = await open()
    page = at.page
    rest = (method, params) => at.server.result(method, params)
    await at.signIn()
    await page.getByRole('heading', { level: 1, name: 'My day' }).waitFor()
  })
  after(() => at.close())

  const to = (hash, heading) =>
    page.evaluate(where => (location.hash = where), hash).then(() => page.getByRole('heading', { level: 1, name: heading }).waitFor())

  test('what changes while the stream is away is read when it is back', async () => {
    let release
    const held = new Promise(resolve => {
      void page.route('**/console/stream', async route => {
        resolve()
        await new Promise(go => (release = go))
        await route.continue()
      })
    })
    await to('#/account', 'Your sign-in')
    await page.getByRole('button', { name: 'Sign out other browsers' }).click() // ends all streams of the user
    await held
    await to('#/day', 'My day')
    const fresh = page.getByRole('region', { name: /^Later/ }).getByText('Nobody was told of this')
    await page.getByRole('region', { name: /^Later/ }).waitFor()
    const made = await rest('crm.activity.todo.add', { ownerTypeId: 2, ownerId: 1, title: 'Nobody was told of this', description: '', deadline: '2031-01-01T10:00:00+00:00', responsibleId: 1 })
    assert.equal(await fresh.count(), 0)
    release()
    await fresh.waitFor()
    await page.unroute('**/console/stream')
    await rest('crm.activity.delete', { id: made.id })
    await fresh.waitFor({ state: 'detached' })
  })

  test('a row that another client renames is called so wherever its name stands', async () => {
    await to('#/card/2/1', 'Cold storage for Acorn Logistics')
    await page.getByRole('link', { name: 'James Harper' }).first().waitFor()
    await rest('crm.contact.update', { id: 1, fields: { NAME: 'Jim' } })
    await page.getByRole('link', { name: 'Jim Harper' }).first().waitFor()
    await rest('crm.contact.update', { id: 1, fields: { NAME: 'James' } })
    await page.getByRole('link', { name: 'James Harper' }).first().waitFor()
  })

  test('a screen whose part does not come says so, others open, and trying again brings it', async () => {
    await page.route('**/console/part-*.js', route => route.abort())
    await page.evaluate(() => (location.hash = '#/users'))
    await page.getByRole('alert').getByRole('button', { name: 'Try again' }).waitFor()
    await to('#/day', 'My day')
    await page.evaluate(() => (location.hash = '#/users'))
    await page.unroute('**/console/part-*.js')
    await page.getByRole('alert').getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor()
    const said = at.wrong.splice(0)
    assert.ok(said.length && said.every(one => /ERR_FAILED/.test(one)), said.join('\n'))
  })

  test('a dialog gives the focus back; a menu takes it at once and closes when it is left', async () => {
    await to('#/day', 'My day')
    const button = page.getByRole('button', { name: 'New to-do' })
    const focused = () => page.evaluate(() => document.activeElement.textContent.trim())
    for (const leave of [() => page.keyboard.press('Escape'), () => page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()]) {
      await button.focus()
      await page.keyboard.press('Enter')
      await page.getByRole('dialog').waitFor()
      await leave()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      assert.equal(await focused(), 'New to-do')
    }
    const more = page.getByRole('button', { name: /^Move to another day/ }).first()
    await more.focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('ArrowDown') // before anything was painted
    assert.equal(await focused(), 'Tomorrow')
    await page.keyboard.press('Escape')
    await page.getByRole('menu').waitFor({ state: 'detached' })
    await page.keyboard.press('Enter')
    await page.getByRole('menu').waitFor()
    await page.keyboard.press('Tab')
    await page.getByRole('menu').waitFor({ state: 'detached' })
  })

  test('amounts, several dates, rows and files are changed by their descriptors', async () => {
    const kinds = { MONEY: ['money', 'N'], DATES: ['date', 'Y'], ROWS: ['crm', 'Y'], FILE: ['file', 'N'], FILES: ['file', 'Y'] }
    for (const [name, [type, many]] of Object.entries(kinds))
      await rest('crm.deal.userfield.add', {
        fields: { FIELD_NAME: name, USER_TYPE_ID: type, MULTIPLE: many, EDIT_FORM_LABEL: `My ${name}`, SETTINGS: type === 'crm' ? { CONTACT: 'Y' } : {} }
      })
    const value = async name => (await rest('crm.item.get', { entityTypeId: 2, id: 2, useOriginalUfNames: 'Y' })).item[`UF_CRM_${name}`]
    await page.evaluate(() => (location.hash = '#/card/2/2'))
    await page.getByRole('button', { name: 'Show empty fields' }).click()
    const edit = async (name, fill) => {
      await page.getByRole('button', { name: `Edit: My ${name}`, exact: true }).click()
      await fill(page.locator('form.editing'))
      await page.getByRole('button', { name: 'Save' }).click()
      await page.locator('form.editing').waitFor({ state: 'detached' })
    }

    await edit('MONEY', async form => {
      await form.getByRole('spinbutton', { name: 'My MONEY' }).fill('12.5')
      await form.getByRole('combobox', { name: 'My MONEY: Currency' }).selectOption('EUR')
    })
    assert.equal(await value('MONEY'), '12.5|EUR')
    await page.getByText('€12.50').waitFor()

    await edit('DATES', async form => {
      await form.getByLabel('My DATES').fill('2026-03-04')
      await form.getByRole('button', { name: 'Add' }).click()
      await form.getByLabel('My DATES').nth(1).fill('2026-05-06')
    })
    assert.deepEqual((await value('DATES')).map(one => one.slice(0, 10)), ['2026-03-04', '2026-05-06'])
    await edit('DATES', form => form.getByRole('button', { name: 'Remove' }).first().click())
    assert.deepEqual((await value('DATES')).map(one => one.slice(0, 10)), ['2026-05-06'])

    await edit('ROWS', async form => {
      await form.getByRole('combobox', { name: 'My ROWS' }).fill('Harper')
      await page.getByRole('option', { name: /James Harper/ }).click()
    })
    assert.deepEqual(await value('ROWS'), ['C_1'])

    const file = (name, text) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })
    await edit('FILE', form => form.getByLabel('My FILE').setInputFiles(file('one.txt', 'one')))
    const { urlMachine } = await value('FILE')
    assert.equal(await (await fetch(urlMachine)).text(), 'one')
    await edit('FILES', form => form.getByLabel('My FILES').setInputFiles([file('a.txt', 'a'), file('b.txt', 'b')]))
    const [, kept] = await value('FILES')
    await edit('FILES', async form => {
      await form.getByRole('button', { name: 'Remove' }).first().click()
      await form.getByLabel('My FILES').setInputFiles(file('c.txt', 'c'))
      await form.getByText('c.txt').waitFor()
    })
    const now = await value('FILES')
    assert.equal(now.length, 2)
    assert.equal(now[0].id, kept.id)
    assert.equal(await (await fetch(now[1].urlMachine)).text(), 'c')
  })
})
