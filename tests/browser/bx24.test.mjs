// A page written by the documentation of BX24.js, with the library that this server offers at /api/v1/.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { rapport } from '../wire/lib/server.mjs'
import { handler } from './lib/handler.mjs'
import { open } from './lib/page.mjs'

const PAGE = `
  window.order = []
  BX24.install(() => { window.order.push('install'); BX24.installFinish() })
  BX24.init(() => { window.order.push('init'); document.getElementById('said').textContent = BX24.placement.info().placement + (BX24.getAuth() ? ' signed in' : '') })
  BX24.callMethod('profile', {}, result => window.order.push('early ' + result.data().ID))
`

describe('the library for pages in a frame', () => {
  let at, page, app, id, frame
  const frames = () => page.frames().filter(one => one.url().startsWith(app.url))
  const opened = async (to = id, said = 'DEFAULT signed in') => {
    await page.evaluate(hash => (location.hash = hash), `#/app/${to}`)
    await page.frameLocator('iframe.host').frameLocator('iframe.application').locator('#said', { hasText: said }).waitFor()
    return frames().at(-1)
  }
  const add = (...args) => JSON.parse(rapport('app', 'add', '--data', at.server.dir, '--json', '--scope', 'crm,user,placement', ...args).out).id
  before(async () => {
    at = await open()
    page = at.page
    page.removeAllListeners('request') // the frame is another host's
    app = await handler({ script: PAGE, head: `<script src="${at.server.url}api/v1/"></script><input id="file" type="file"><input id="text" value="from a field">` })
    id = add('--name', 'By the book', '--handler', app.url)
    await at.signIn('#/day')
    frame = await opened()
  })
  after(async () => {
    await at.close()
    await app.stop()
  })

  test('install before init, and calls wait for it', async () => {
    await frame.waitForFunction(() => window.order.length === 3)
    assert.deepEqual(await frame.evaluate(() => window.order), ['install', 'init', 'early 1'])
    await page.reload()
    frame = await opened()
    await frame.waitForFunction(() => window.order.length === 2)
    assert.equal((await frame.evaluate(() => window.order))[0], 'init')
  })

  test("the reference page's example: crm.activity.update", async () => {
    const seen = await frame.evaluate(
      () =>
        new Promise(done =>
          BX24.callMethod('crm.activity.update', { id: 999, fields: { SUBJECT: 'New call, subject', COMPLETED: 'Y', DESCRIPTION: document.getElementById('text') } }, result =>
            done(result.error() ? String(result.error()) : result.data())
          )
        )
    )
    assert.equal(seen, true)
    const activity = await at.server.result('crm.activity.get', { id: 999 })
    assert.deepEqual([activity.SUBJECT, activity.COMPLETED, activity.DESCRIPTION], ['New call, subject', 'Y', 'from a field'])
  })

  test('pages of a list, errors, and what is told of them', async () => {
    const seen = await frame.evaluate(
      () =>
        new Promise(done => {
          const pages = []
          BX24.callMethod('crm.deal.list', { select: ['ID'], order: { ID: 'ASC' } }, result => {
            pages.push([result.data().length, result.total(), result.more(), typeof result.time().duration])
            if (result.more()) return result.next()
            BX24.callMethod('crm.deal.get', { id: 999999 }, wrong => {
              const error = wrong.error()
              done({ pages, next: result.next(), status: error.status, ex: error.ex, text: String(error) })
            })
          })
        })
    )
    assert.deepEqual(seen.pages, [[50, 61, true, 'number'], [11, 61, false, 'number']])
    assert.equal(seen.next, false)
    assert.deepEqual([seen.status, seen.ex.error_description], [400, 'Not found'])
    assert.match(seen.text, /Not found/)
  })

  test('batches by name and by place, with what came before', async () => {
    const seen = await frame.evaluate(
      () =>
        new Promise(done =>
          BX24.callBatch({ me: ['profile', {}], mine: { method: 'user.get', params: { ID: '$result[me][ID]' } }, wrong: ['no.such.method', {}] }, byName =>
            BX24.callBatch([['profile'], ['crm.deal.list', { select: ['ID'] }]], byPlace =>
              done({ mine: byName.mine.data()[0].ID, wrong: byName.wrong.error().ex.error, list: Array.isArray(byPlace), total: byPlace[1].total(), more: byPlace[1].more() })
            )
          )
        )
    )
    assert.deepEqual(seen, { mine: '1', wrong: 'ERROR_METHOD_NOT_FOUND', list: true, total: 61, more: true })
  })

  test('a file of a form, options, a token that is renewed', async () => {
    await frame.locator('#file').setInputFiles({ name: 'Ünï.txt', mimeType: 'text/plain', buffer: Buffer.from('bytes') })
    const seen = await frame.evaluate(
      () =>
        new Promise(done =>
          BX24.callMethod('crm.activity.update', { id: 999, fields: { FILES: [{ fileData: document.getElementById('file') }] } }, result =>
            BX24.appOption.set('mark', { a: [1, 'two'] }, all =>
              BX24.userOption.set('own', 'x', () => {
                const before = BX24.getAuth().access_token
                BX24.refreshAuth(auth => done({ ok: result.data(), all, renewed: auth.access_token !== before, domain: BX24.getDomain(), admin: BX24.isAdmin(), lang: BX24.getLang() }))
              })
            )
          )
        )
    )
    assert.deepEqual(seen, { ok: true, all: { mark: { a: [1, 'two'] } }, renewed: true, domain: new URL(at.server.url).host, admin: true, lang: 'en' })
    const [{ FILES: [file] }] = await at.server.result('crm.activity.list', { filter: { ID: 999 }, select: ['FILES'] })
    assert.equal(await (await fetch(file.url)).text(), 'bytes')
    await page.reload()
    frame = await opened()
    assert.deepEqual(await frame.evaluate(() => [BX24.appOption.get('mark'), BX24.userOption.get('own')]), [{ a: [1, 'two'] }, 'x'])
  })

  test('the window, a slider, a dialog', async () => {
    const host = page.frameLocator('iframe.host')
    await frame.evaluate(() => new Promise(done => BX24.resizeWindow('100%', 900, () => BX24.setTitle('By the book: 3', done))))
    await page.getByRole('heading', { level: 1, name: 'By the book: 3' }).waitFor()
    const closed = frame.evaluate(() => new Promise(done => BX24.openApplication({ opened: 'Y' }, () => done('closed'), { title: 'Opened', width: 500 })))
    await host.getByRole('dialog', { name: 'Opened' }).frameLocator('iframe').locator('#said', { hasText: 'DEFAULT' }).waitFor()
    const inside = frames().at(-1)
    assert.equal(await inside.evaluate(() => BX24.placement.info().options.opened), 'Y')
    await inside.evaluate(() => void BX24.closeApplication())
    assert.equal(await closed, 'closed')
    const nobody = frame.evaluate(() => new Promise(done => BX24.selectUser('Whom?', done)))
    await host.getByRole('button', { name: 'Close' }).click()
    assert.equal(await nobody, null)
    assert.deepEqual(await frame.evaluate(() => {
      const self = { value: 10, add(step) { return [this.value + step, BX24.proxyContext() === window] } }
      const one = BX24.proxy(self.add, self)
      return [one === BX24.proxy(self.add, self), one.call(window, 5), BX24.proxyContext()]
    }), [true, [15, true], null])
  })

  test('an installer says that it is done, and the application follows', async () => {
    const setup = add('--name', 'Set up', '--handler', `${app.url}main`, '--install-url', `${app.url}setup`)
    await page.reload()
    const installer = await opened(setup)
    assert.equal(new URL(installer.url()).pathname, '/setup')
    await installer.evaluate(() => BX24.installFinish())
    while (!frames().some(one => new URL(one.url()).pathname === '/main')) await page.waitForEvent('framenavigated')
    await page.frameLocator('iframe.host').frameLocator('iframe.application').locator('#said', { hasText: 'signed in' }).waitFor()
  })
})
