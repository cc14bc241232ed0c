// Each screen in light and dark, at 1280 and 360 pixels: no serious violation of accessibility, no scrolling sideways, nothing
// from elsewhere (lib/page); in Russian; and how much comes over the wire.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
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
  roles: ['#/roles', 'Roles'],
  webhooks: ['#/webhooks', 'Incoming webhooks'],
  hooks: ['#/hooks', 'Outgoing webhooks'],
  applications: ['#/apps', 'Applications'],
  deliveries: ['#/deliveries', /^Deliveries/],
  password: ['#/account', 'Your sign-in']
}

// What each screen looked like, for people: kept beside what was built. README's picture is one of them.
const PICTURES = fileURLToPath(new URL('../../build/screens/', import.meta.url))

describe('how it looks', () => {
  let server
  before(async () => {
    server = await Server.start({ args: ['--control'] })
    mkdirSync(PICTURES, { recursive: true })
  })
  after(() => server.stop())

  // Of the rules contrast alone depends on the colours.
  const LOOKS = [['light', 1280], ['dark', 1280, ['color-contrast']], ['dark', 360], ['light', 360, ['color-contrast']]]

  for (const [name, [hash, heading]] of Object.entries(SCREENS)) {
    test(`${name}: light and dark, wide and narrow`, async () => {
      const at = await open({ server })
      const found = []
      await at.signIn(hash)
      await at.page.getByRole('heading', { level: 1, name: heading }).waitFor()
      await at.page.locator('.spinner').first().waitFor({ state: 'detached' })
      for (const [colorScheme, width, rules] of LOOKS) {
        await at.page.emulateMedia({ colorScheme })
        await at.page.setViewportSize({ width, height: 800 })
        if (width > 360 && colorScheme === 'light') await at.page.screenshot({ path: `${PICTURES}${name}.png` })
        found.push(...(await violations(at.page, rules)).map(one => `${colorScheme}, ${width}: ${one}`))
        if (await scrollsSideways(at.page)) found.push(`${width}: scrolls sideways`)
      }
      const title = await at.page.title(), said = await at.page.getByRole('heading', { level: 1 }).textContent()
      if (!title.endsWith(' · Rapport') || !said.startsWith(title.split(' · ')[0])) found.push(`is called ${title}`)
      assert.deepEqual(found, [])
      await at.close()
    })
  }

  test('signed out, and by password', async () => {
    const at = await open({ server })
    await at.page.goto(server.url)
    await at.page.getByRole('button', { name: 'Sign in' }).waitFor()
    assert.deepEqual(await violations(at.page), [])
    // The browser says on its console that nobody is signed in.
    assert.deepEqual(at.wrong.splice(0).filter(one => !/^console: .*401 /.test(one)), [])
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
    const times = []
    // The best of some: others may be at work on the same machine.
    for (let turn = 0; turn < 5 && !(Math.min(...times) < 1000); turn++) {
      const at = await open({ server })
      const session = await at.tab.newCDPSession(at.page)
      let bytes = 0
      await session.send('Network.enable')
      session.on('Network.loadingFinished', event => (bytes += event.encodedDataLength))
      await at.page.addInitScript(() => {
        new MutationObserver(() => {
          if (document.getElementById('overdue')) globalThis.shownAt ??= performance.now()
        }).observe(document, { subtree: true, childList: true })
      })
      await at.signIn()
      await at.page.getByRole('region', { name: /Overdue/ }).waitFor()
      times.push(await at.page.evaluate(() => globalThis.shownAt))
      assert.ok(bytes > 10_000 && bytes < 100_000, `${bytes} bytes`)
      await at.close()
    }
    assert.ok(Math.min(...times) < 1000, `${times} ms`)
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
