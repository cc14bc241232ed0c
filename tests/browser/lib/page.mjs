// A browser on a server of its own with demo data, signed in. What a page must never do is looked for in every test: a
// request to another host, an error, a breach of the content policy.
import { after } from 'node:test'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'
import { Server, rapport } from '../../wire/lib/server.mjs'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const ARGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'
]

let browser
after(() => browser?.close())

export async function open({ args = ['--control'], user = 1, server: given, ...context } = {}) {
  browser ??= await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ARGS })
  const server = given ?? (await Server.start({ args }))
  const tab = await browser.newContext({ viewport: { width: 1280, height: 850 }, locale: 'en-US', ...context })
  const page = await tab.newPage()
  page.setDefaultTimeout(60_000)
  const wrong = []
  page.on('pageerror', error => wrong.push(`error: ${error.message}`))
  page.on('console', message => message.type() === 'error' && !/status of 400/.test(message.text()) && wrong.push(`console: ${message.text()}`))
  page.on('request', request => new URL(request.url()).host !== new URL(server.url).host && !/^(data|blob):/.test(request.url()) && wrong.push(`request: ${request.url()}`))
  const signIn = async (hash = '') => {
    const told = rapport('console', '--user', `${user}`, '--data', server.dir)
    assert.equal(told.code, 0, told.err)
    await page.goto(told.out.trim().split(' ').at(-1))
    await page.locator('nav').waitFor({ state: 'attached' })
    if (hash) await page.evaluate(to => (location.hash = to), hash)
  }
  const close = async () => {
    assert.deepEqual(wrong, [])
    await tab.close()
    if (!given) await server.stop()
  }
  return { server, tab, page, signIn, close, wrong }
}

// Serious and critical violations of WCAG, as axe finds them; `only`: of these rules. It is run by the debugger, which no content policy
// binds.
export async function violations(page, only) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeSource)
  const { violations } = await page.evaluate(rules => globalThis.axe.run({ runOnly: rules ?? ['wcag2a', 'wcag2aa', 'wcag21aa'] }), only)
  return violations
    .filter(one => ['serious', 'critical'].includes(one.impact))
    .map(one => `${one.id}: ${one.nodes.map(node => `${node.target} (${node.any[0]?.message ?? node.failureSummary})`).slice(0, 3).join('; ')}`)
}

export async function scrollsSideways(page) {
  return page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
}
