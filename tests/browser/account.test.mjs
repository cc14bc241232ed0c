// A person's own sign-in: password, second factor, recovery codes, sessions; and who has lost the device.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { BIN, rapport } from '../wire/lib/server.mjs'
import { device } from '../wire/lib/device.mjs'
import { open, violations } from './lib/page.mjs'

describe("a person's sign-in", () => {
  let at, page, login, name, secret, codes
  let clock = 1_768_467_600 // stands, and is moved by hand: each code opens once
  const button = name => page.getByRole('button', { name, exact: true })
  const setClock = async seconds => {
    clock += seconds
    const set = await fetch(`${at.server.url}_rapport/clock/freeze?auth=wiretestcode1234`, {
      method: 'POST', body: new URLSearchParams({ at: new Date(clock * 1000).toISOString() })
    })
    assert.equal(set.status, 200)
  }
  const opened = async () => {
    await page.evaluate(() => (location.hash = '#/account'))
    await page.getByRole('heading', { level: 1, name: 'Your sign-in' }).waitFor()
  }
  const nextCode = async () => {
    await setClock(30)
    return device(secret, clock)
  }
  const enterPassword = async () => {
    await page.getByLabel('Login').fill(login)
    await page.getByLabel('Password').fill('right password')
    await button('Sign in').click()
  }
  const signOut = async () => {
    await page.evaluate(() => (location.hash = '#/day'))
    await button(name).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByLabel('Login').waitFor()
  }
  before(async () => {
    at = await open({ user: 2 })
    page = at.page
    const made = spawnSync(BIN, ['user', 'password', '--id', '2', '--data', at.server.dir], { input: 'right password\n', encoding: 'utf8' })
    assert.equal(made.status, 0, made.stderr)
    await setClock(0)
    await at.signIn()
    const user = (await at.server.result('user.get', { ID: 2 }))[0]
    login = JSON.parse(rapport('user', 'list', '--json', '--data', at.server.dir).out).find(one => one.id === 2).login
    name = `${user.NAME} ${user.LAST_NAME}`
  })
  after(() => {
    at.wrong.splice(0, at.wrong.length, ...at.wrong.filter(one => !/status of 40[13]/.test(one))) // codes and passwords that were wrong
    return at.close()
  })

  test('sets up a second factor, and keeps the recovery codes', async () => {
    await opened()
    await button('Set up').click()
    const dialog = page.getByRole('dialog', { name: 'Second factor' })
    await dialog.getByRole('img', { name: 'QR code of the key' }).waitFor()
    secret = (await dialog.locator('.secret').innerText()).replaceAll(' ', '')
    assert.match(secret, /^[A-Z2-7]{32}$/)
    assert.match(await dialog.getByRole('link').getAttribute('href'), new RegExp(`^otpauth://totp/Rapport:.*secret=${secret}`))
    assert.deepEqual(await violations(page), [])
    await dialog.getByRole('textbox', { name: 'Code' }).fill('000000')
    await button('Turn on').click()
    await dialog.getByRole('alert').waitFor()
    assert.ok(await dialog.getByRole('textbox', { name: 'Code' }).getAttribute('aria-describedby'))
    await dialog.getByRole('textbox', { name: 'Code' }).fill(device(secret, clock))
    await button('Turn on').click()
    const shown = page.getByRole('dialog', { name: 'Recovery codes' })
    await shown.waitFor()
    codes = await shown.locator('.recovery li').allInnerTexts()
    assert.equal(new Set(codes).size, 10)
    await button('I have kept them').click()
    await page.getByText('10 recovery codes are left').waitFor()
  })

  test('signs in by password and a code, or a recovery code', async () => {
    await signOut()
    await enterPassword()
    await page.getByLabel('Code').fill('000000')
    await button('Sign in').click()
    await page.getByRole('alert').waitFor()
    assert.deepEqual(await violations(page), [])
    await page.getByLabel('Code').fill(await nextCode())
    await button('Sign in').click()
    await page.locator('nav').waitFor({ state: 'attached' })
    await signOut()
    await enterPassword()
    await page.getByLabel('Code').fill(codes[0])
    await button('Sign in').click()
    await page.locator('nav').waitFor({ state: 'attached' })
    await opened()
    await page.getByText('9 recovery codes are left').waitFor()
  })

  test('sees where he is signed in, and signs out there', async () => {
    const other = await at.tab.browser().newContext({ userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0' })
    try {
      const ask = body => other.request.post(`${at.server.url}console/session`, { data: body })
      const { ticket } = await (await ask({ action: 'signin', login, password: 'right password' })).json()
      assert.equal((await ask({ action: 'code', ticket, code: await nextCode() })).status(), 200)
      await page.reload()
      await opened()
      const row = page.getByRole('row', { name: /^Firefox, Linux/ })
      await row.getByRole('button').click()
      await row.waitFor({ state: 'detached' })
      assert.equal((await ask({ action: 'token' })).status(), 401)
      await page.getByRole('row', { name: /this one/ }).waitFor()
    } finally {
      await other.close()
    }
  })

  test('is let in again by an administrator who removes it', async () => {
    const admin = await open({ server: at.server })
    await admin.signIn('#/users')
    const row = admin.page.getByRole('row', { name: new RegExp(`^${name}`) })
    await row.getByRole('button', { name: 'Remove second factor' }).click()
    await admin.page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click()
    await row.getByRole('button', { name: 'Remove second factor' }).waitFor({ state: 'detached' })
    await admin.close()
    await page.reload()
    await opened()
    await button('Set up').waitFor()
    await button('Sign out everywhere').click()
    await enterPassword()
    await page.locator('nav').waitFor({ state: 'attached' })
  })

  test('changes the password; a wrong one is said beside it', async () => {
    await opened()
    await page.getByLabel('Password now').fill('wrong password')
    await page.getByLabel('New password').fill('another password')
    await button('Change password').click()
    await page.getByRole('alert').waitFor()
    await page.getByLabel('Password now').fill('right password')
    await button('Change password').click()
    await page.getByText('The password is changed').waitFor()
    const asked = await fetch(`${at.server.url}console/session`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ action: 'signin', login, password: 'another password' })
    })
    assert.equal(asked.status, 200)
  })
})
