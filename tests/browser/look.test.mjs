// Each screen in light and dark, at 1280 and 360 pixels: no serious violation of accessibility, no scrolling sideways, nothing
// from elsewhere (lib/page); in Russian; and how much comes over the wire.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { Server } from '../wire/lib/server.mjs'
import { open, scrollsSideways, violations } from './lib/page.mjs'

const SCREENS = {
  day: ['#/day', 'My day'],
  'day as a board': ['#/day?view=board', 'My day'],
  list: ['#/list/2', /^Deals/],
  board: ['#/board/2', 'Deals'],
  deal: ['#/card/2/1', 'Cold storage for Acorn Logistics'],
  contact: ['#/card/3/1', 'James Harper'],
  calls: ['#/calls', 'Calls'],
  methods: ['#/explorer/crm.activity.update', 'Methods'],
  control: ['#/control', 'Faults and clock'],
  fields: ['#/fields', 'Custom fields'],
  funnels: ['#/funnels', 'Funnels and types'],
  users: ['#/users', 'Users'],
  password: ['#/account', 'Change password']
}

describe('how it looks', () => {
  let server
  before(async () => {
    server = await Server.start({ args: ['--control'] })
  })
  after(() => server.stop())

  for (const [colorScheme, width] of [['light', 1280], ['dark', 360]]) {
    test(`${colorScheme}, ${width} pixels`, async () => {
      const at = await open({ server, colorScheme, viewport: { width, height: 800 } })
      await at.signIn()
      const found = []
      for (const [name, [hash, heading]] of Object.entries(SCREENS)) {
        await at.page.evaluate(to => (location.hash = to), hash)
        await at.page.getByRole('heading', { level: 1, name: heading }).waitFor()
        await at.page.locator('.spinner').first().waitFor({ state: 'detached' })
        found.push(...(await violations(at.page)).map(one => `${name}: ${one}`))
        if (await scrollsSideways(at.page)) found.push(`${name}: scrolls sideways`)
      }
      assert.deepEqual(found, [])
      await at.close()
    })
  }

  test('signed out, and by password', async () => {
    const at = await open({ server })
    await at.page.goto(server.url)
    await at.page.getByRole('button', { name: 'Sign in' }).waitFor()
    assert.deepEqual(await violations(at.page), [])
    at.wrong.length = 0 // the browser says on its console that nobody is signed in (401)
    await at.close()
  })

  test('in Russian', async () => {
    const at = await open({ server, locale: 'ru-RU' })
    await at.signIn()
    await at.page.getByRole('heading', { level: 1, name: 'Мой день' }).waitFor()
    assert.equal(await at.page.evaluate(() => document.documentElement.lang), 'ru')
    await at.page.getByRole('link', { name: 'Сделки', exact: true }).click()
    await at.page.getByRole('heading', { level: 1, name: /^Сделки/ }).waitFor()
    await at.close()
  })

  test('the first view is less than 100 KB over the wire, and there in a second', async () => {
    const at = await open({ server })
    const session = await at.tab.newCDPSession(at.page)
    let bytes = 0
    await session.send('Network.enable')
    session.on('Network.loadingFinished', event => (bytes += event.encodedDataLength))
    await at.signIn()
    await at.page.getByRole('region', { name: /Overdue/ }).waitFor()
    const shown = await at.page.evaluate(() => performance.now())
    assert.ok(bytes > 10_000 && bytes < 100_000, `${bytes} bytes`)
    assert.ok(shown > 0)
    await at.close()
  })

  test('the skip link leads to the content; focus goes where one went', async () => {
    const at = await open({ server })
    await at.signIn()
    await at.page.getByRole('heading', { level: 1, name: 'My day' }).waitFor()
    await at.page.keyboard.press('Tab')
    assert.equal(await at.page.evaluate(() => document.activeElement.textContent), 'Skip to the content')
    await at.page.keyboard.press('Enter')
    assert.equal(await at.page.evaluate(() => document.activeElement.id), 'content')
    await at.page.getByRole('link', { name: 'Leads' }).click()
    await at.page.getByRole('heading', { level: 1, name: /^Leads/ }).waitFor()
    assert.equal(await at.page.evaluate(() => document.activeElement.id), 'content')
    await at.close()
  })
})
