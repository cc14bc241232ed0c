// What an administrator does for developers in the page: webhooks, applications, deliveries.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
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
    assert.equal(await page.getByRole('dialog', { name: 'Shown this once' }).locator('.secret').count(), 3)
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
    let status = 410
    const target = createServer((request, answer) => request.resume().on('end', () => answer.writeHead(status).end()))
    await new Promise(ready => target.listen(0, '127.0.0.1', ready))
    rapport('hook', 'out', 'add', '--handler', `http://127.0.0.1:${target.address().port}/`, '--event', 'onCrmDealUpdate', '--data', at.server.dir)
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
    status = 410
    await tell()
    while (!(await row.count())) await button('Look again').click()
    await button('Drop all that were given up').click()
    await page.getByText('Nothing waits to be sent.').waitFor()
    await page.getByRole('row', { name: /ONCRMDEALUPDATE.*outgoing webhook/ }).waitFor()
    target.closeAllConnections()
    await new Promise(closed => target.close(closed))
  })
})
