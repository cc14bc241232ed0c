// Applications in the page: the official B24Frame, as it comes from npm, in the frame of its application.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { rapport } from '../wire/lib/server.mjs'
import { handler } from './lib/handler.mjs'
import { open, violations } from './lib/page.mjs'

const SDK = `
  import { initializeB24Frame } from '@bitrix24/b24jssdk'
  window.b24 = initializeB24Frame()
  window.b24.then(frame => (document.getElementById('said').textContent = frame.placement.title), error => (document.getElementById('said').textContent = 'wrong: ' + error.message))
`

describe('applications in the page', () => {
  let at, page, app, other, id, frame
  const add = (...args) => JSON.parse(rapport('app', 'add', '--data', at.server.dir, '--json', ...args).out)
  before(async () => {
    app = await handler({ script: SDK })
    other = await handler({ script: `addEventListener('message', event => (window.heard ??= []).push(event.data))` })
    at = await open()
    page = at.page
    page.removeAllListeners('request') // the frame is another host's
    id = add('--name', 'Deals of mine', '--handler', `${app.url}page?kept=1`, '--scope', 'crm,user,placement').id
    await at.signIn('#/day')
  })
  after(async () => {
    await at.close()
    await app.stop()
    await other.stop()
  })

  // The frame of the application's page, once it has said what it is.
  const opened = async (hash = `#/app/${id}`, said = 'DEFAULT') => {
    await page.evaluate(to => (location.hash = to), hash)
    const inside = page.frameLocator('iframe.host').frameLocator('iframe.application')
    await inside.locator('#said', { hasText: said }).waitFor()
    return page.frames().find(one => one.url().startsWith(app.url))
  }

  test('it stands in the menu, and is opened as the pages say', async () => {
    await page.getByRole('navigation').getByRole('link', { name: 'Deals of mine' }).click()
    frame = await opened()
    const { url, body } = app.posts.findLast(post => post.body.AUTH_ID) // ONAPPINSTALL comes there, too
    const host = new URL(at.server.url).host
    assert.equal(url.pathname, '/page')
    assert.deepEqual([url.searchParams.get('kept'), url.searchParams.get('DOMAIN'), url.searchParams.get('PROTOCOL'), url.searchParams.get('LANG')], ['1', host, '0', 'en'])
    assert.match(url.searchParams.get('APP_SID'), /^[0-9a-f]{32}$/)
    assert.deepEqual([body.PLACEMENT, body.status, body.AUTH_EXPIRES, body.APPLICATION_SCOPE], ['DEFAULT', 'L', '3600', 'crm,user,placement'])
    assert.deepEqual(JSON.parse(body.PLACEMENT_OPTIONS), { URI: `/#/app/${id}` })
    assert.equal(await frame.evaluate(() => window.name), `${host}|0|${url.searchParams.get('APP_SID')}`)
    assert.deepEqual(await violations(page), [])
  })

  test('rapport app open tells where', () => {
    const { out } = rapport('app', 'open', '--id', `${id}`, '--data', at.server.dir)
    assert.equal(out, `${at.server.url}#/app/${id}\n`)
    assert.deepEqual(JSON.parse(rapport('app', 'open', `${id}`, '--json', '--data', at.server.dir).out), { id, address: `${at.server.url}#/app/${id}` })
    assert.equal(rapport('app', 'open', '--id', '999', '--data', at.server.dir).code, 1)
  })

  test('init, calls, a batch', async () => {
    const seen = await frame.evaluate(async () => {
      const b24 = await window.b24
      const deal = await b24.actions.v2.call.make({ method: 'crm.deal.get', params: { id: 102 } })
      const both = await b24.actions.v2.batch.make({ calls: { a: { method: 'crm.deal.get', params: { id: 102 } }, b: { method: 'user.current' } } })
      const part = both.getData()
      return { admin: b24.auth.isAdmin, lang: b24.getLang(), deal: deal.getData().result.ID, user: (part.b ?? part.result?.b)?.ID, origin: b24.getTargetOrigin(), first: b24.isFirstRun }
    })
    assert.deepEqual(seen, { admin: true, lang: 'en', deal: '102', user: '1', origin: new URL(at.server.url).origin, first: true })
  })

  test('options are kept, and known at the next start', async () => {
    await frame.evaluate(async () => {
      const { options } = await window.b24
      await options.appSet('colour', 'red')
      await options.userSet('page', { at: 7 })
    })
    await page.evaluate(() => (location.hash = '#/day'))
    await page.getByRole('heading', { level: 1, name: 'My day' }).waitFor()
    frame = await opened()
    const kept = await frame.evaluate(async () => {
      const b24 = await window.b24
      return [b24.options.appGet('colour'), b24.options.userGet('page'), b24.isFirstRun]
    })
    assert.deepEqual(kept, ['red', { at: 7 }, false])
  })

  test('a token that has run out is renewed, and the call goes on', async () => {
    const seen = await frame.evaluate(async () => {
      const b24 = await window.b24
      const before = b24.auth.getAuthData().access_token
      const fresh = await b24.auth.refreshAuth()
      return [before, fresh.access_token, (await b24.actions.v2.call.make({ method: 'profile' })).getData().result.ID]
    })
    assert.notEqual(seen[0], seen[1])
    assert.equal(seen[2], '1')
  })

  test('title, size, scrolling', async () => {
    await frame.evaluate(async () => {
      const { parent } = await window.b24
      await parent.setTitle('Mine: 12')
      await parent.resizeWindow(600, 1500)
    })
    await page.getByRole('heading', { level: 1, name: 'Mine: 12' }).waitFor()
    const box = page.frameLocator('iframe.host').locator('iframe.application')
    assert.deepEqual(await box.evaluate(one => [one.style.width, one.style.height]), ['600px', '1500px'])
    await frame.evaluate(async () => (await window.b24).parent.scrollParentWindow(300))
    assert.equal(await page.frames().find(one => new URL(one.url()).pathname.startsWith('/app/')).evaluate(() => scrollY), 300)
    await frame.evaluate(async () => (await window.b24).parent.fitWindow())
    assert.equal(await box.evaluate(one => one.style.width), '100%')
  })

  test('it opens itself in a slider, which tells the opener when it closes', async () => {
    const closed = frame.evaluate(async () => (await window.b24).slider.openSliderAppPage({ bx24_title: 'One deal', bx24_width: 700, deal: 15 }))
    const slider = page.frameLocator('iframe.host').getByRole('dialog', { name: 'One deal' })
    await slider.frameLocator('iframe').locator('#said', { hasText: 'DEFAULT' }).waitFor()
    const inside = page.frames().filter(one => one.url().startsWith(app.url)).at(-1)
    assert.deepEqual(await inside.evaluate(async () => {
      const { placement } = await window.b24
      return [placement.isSliderMode, placement.options.deal]
    }), [true, 15])
    await inside.evaluate(async () => void (await window.b24).parent.closeApplication())
    await closed
    await slider.waitFor({ state: 'detached' })
  })

  test('people, rows and who has access are chosen', async () => {
    const host = page.frameLocator('iframe.host')
    const one = frame.evaluate(async () => (await window.b24).dialog.selectUser())
    await host.getByRole('combobox').fill('Ivanova')
    await host.getByRole('combobox').fill('Иванова')
    await host.getByRole('option').first().click()
    const { id: userId, name } = await one
    assert.equal(typeof name, 'string')
    assert.equal(Number(userId) > 0, true)
    const rows = frame.evaluate(async () => (await window.b24).dialog.selectCRM({ entityType: ['deal'], multiple: true }))
    await host.getByRole('combobox').fill('Cold storage')
    await host.getByRole('option').first().click()
    await host.getByRole('button', { name: 'Done' }).click()
    assert.match((await rows).deal[0].id, /^D_\d+$/)
    const who = frame.evaluate(async () => (await window.b24).dialog.selectAccess(['AU']))
    await host.getByLabel('Department').selectOption({ index: 1 })
    await host.getByRole('button', { name: 'Done' }).click()
    assert.match((await who)[0].id, /^DR\d+$/)
    const none = frame.evaluate(async () => (await window.b24).dialog.selectUser())
    await host.getByRole('button', { name: 'Close' }).click()
    assert.equal(await none, null)
  })

  test('a page of the original is opened where it is here', async () => {
    const host = page.frameLocator('iframe.host')
    const done = frame.evaluate(async () => {
      const { slider } = await window.b24
      return slider.openPath(slider.getUrl('/crm/deal/details/102/'))
    })
    assert.equal(await host.getByRole('link', { name: 'Open' }).getAttribute('href'), '/#/card/2/102')
    await host.getByRole('button', { name: 'Close' }).click()
    assert.deepEqual(await done, { isOpenAtNewWindow: false, isClose: true })
    const wrong = await frame.evaluate(async () => {
      const { slider } = await window.b24
      return slider.openPath(slider.getUrl('/bitrix/admin/')).then(() => 'opened', error => error.message)
    })
    assert.equal(wrong, 'PATH_NOT_AVAILABLE')
  })

  test('who has not its sid, its window or its origin hears nothing', async () => {
    const mine = await frame.evaluate(() => window.name.split('|')[2])
    const heard = await frame.evaluate(async sid => {
      const heard = []
      addEventListener('message', event => heard.push(event.data))
      parent.postMessage(`getInitData:wrong:${'0'.repeat(32)}`, '*')
      top.postMessage(`getInitData:top:${sid}`, '*')
      parent.postMessage(`getInitData::right:${sid}`, '*') // as BX24.js writes it
      await new Promise(done => addEventListener('message', event => String(event.data).startsWith('right:') && done()))
      return heard.map(one => String(one).split(':')[0])
    }, mine)
    assert.deepEqual(heard, ['right'])
    // Another application's frame, opened beside it, with this one's sid.
    const second = add('--name', 'Spy', '--handler', other.url, '--scope', 'crm').id
    const spy = await page.evaluate(async ({ address, url }) => {
      const host = document.createElement('iframe')
      host.src = address
      document.body.append(host)
      await new Promise(done => (host.onload = done))
      void url
      return true
    }, { address: `/app/${second}`, url: other.url })
    assert.equal(spy, true)
    const spyFrame = await (async () => {
      for (;;) {
        const found = page.frames().find(one => one.url().startsWith(other.url))
        if (found) return found
        await page.waitForEvent('framenavigated')
      }
    })()
    await spyFrame.waitForLoadState()
    const stolen = await spyFrame.evaluate(async sid => {
      const own = window.name.split('|')[2]
      parent.postMessage(`getInitData:stolen:${sid}`, '*')
      top.frames[0].postMessage(`getInitData:stolen:${sid}`, '*')
      parent.postMessage(`setTitle:{"title":"x"}:last:${own}`, '*')
      for (;;) {
        if (window.heard?.some(one => String(one).startsWith('last:'))) return window.heard
        await new Promise(done => addEventListener('message', done, { once: true }))
      }
    }, mine)
    assert.deepEqual(stolen.map(one => one.split(':')[0]), ['last'])
    await page.evaluate(() => document.body.lastElementChild.remove())
  })
})
