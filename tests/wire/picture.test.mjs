// PHOTO, LOGO, PERSONAL_PHOTO: what stands at their addresses, for whom, and what stays on disk.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Server, rapport, stores } from './lib/server.mjs'

const file = text => ({ fileData: [`${text}.png`, Buffer.from(text).toString('base64')] })
const read = async url => {
  const answer = await fetch(url)
  return [answer.status, await answer.text()]
}

for (const store of stores) {
  describe(`pictures on ${store.name}`, () => {
    let server
    const hook = (user, scope) => {
      const { code } = JSON.parse(
        rapport('webhook', 'add', '--user', String(user), '--scope', scope, '--data', server.dir, '--json').out
      )
      return `${server.url}rest/${user}/${code}/`
    }
    const stored = () =>
      readdirSync(join(server.dir, 'files'), { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()).length
    before(async () => (server = await Server.start({ store })))
    after(() => server?.stop())

    test('a photo is set, replaced and removed', async () => {
      const photo = async () => (await server.result('crm.contact.get', { id: 1 })).PHOTO
      await server.result('crm.contact.update', { id: 1, fields: { PHOTO: file('first') } })
      const first = await photo()
      assert.equal(Number.isInteger(first.id), true)
      for (const url of [first.showUrl, first.downloadUrl]) assert.deepEqual(await read(url), [200, 'first'])
      const answer = await fetch(first.showUrl)
      assert.equal(answer.headers.get('content-disposition'), "attachment; filename*=UTF-8''first.png")
      await server.result('crm.contact.update', { id: 1, fields: { PHOTO: first, NAME: 'Kept' } })
      assert.equal((await photo()).id, first.id)
      await server.result('crm.contact.update', { id: 1, fields: { PHOTO: file('second') } })
      const second = await photo()
      assert.notEqual(second.id, first.id)
      assert.equal((await read(first.showUrl))[0], 404)
      assert.deepEqual(await read(second.showUrl), [200, 'second'])
      await server.result('crm.contact.update', { id: 1, fields: { PHOTO: { remove: 'Y' } } })
      assert.equal(await photo(), null)
      assert.equal((await read(second.showUrl))[0], 404)
    })

    test('the address asks for what the method asks for', async () => {
      await server.result('crm.company.update', { id: 2, fields: { LOGO: file('logo') } })
      const { showUrl } = (await server.result('crm.company.get', { id: 2 })).LOGO
      const plain = showUrl.replace(/auth=.*/, 'auth=')
      assert.deepEqual(await read(plain + hook(1, 'crm').split('/').at(-2)), [200, 'logo'])
      const [status, text] = await read(plain + hook(1, 'user').split('/').at(-2))
      assert.deepEqual([status, JSON.parse(text).error], [401, 'insufficient_scope'])
      assert.equal((await read(showUrl.replace(/.$/, c => (c === '0' ? '1' : '0'))))[0], 403)
      assert.equal((await read(showUrl.replace('ownerId=2', 'ownerId=3')))[0], 403)
      assert.equal((await read(plain + 'nonsense'))[0], 401)
    })

    test('of a product, and gone with it', async () => {
      const before = stored()
      const id = await server.result('crm.product.add', { fields: { NAME: 'Chair', PREVIEW_PICTURE: file('small'), DETAIL_PICTURE: file('large') } })
      const { PREVIEW_PICTURE, DETAIL_PICTURE } = await server.result('crm.product.get', { id })
      assert.deepEqual(await read(PREVIEW_PICTURE.showUrl), [200, 'small'])
      assert.deepEqual(await read(DETAIL_PICTURE.downloadUrl), [200, 'large'])
      assert.equal(stored(), before + 2)
      await server.result('crm.product.delete', { id })
      assert.ok([403, 404].includes((await read(PREVIEW_PICTURE.showUrl))[0]))
    })

    test("files of a product's property", async () => {
      const before = stored()
      const property = await server.result('crm.product.property.add', { fields: { NAME: 'Sheets', PROPERTY_TYPE: 'F', MULTIPLE: 'Y' } })
      const name = `PROPERTY_${property}`
      const long = 'x'.repeat(100_000) // stored before the lane
      const id = await server.result('crm.product.add', { fields: { NAME: 'Desk', [name]: [{ value: file('sheet one') }, { value: file(long) }] } })
      const sheets = async () => (await server.result('crm.product.get', { id }))[name]
      const [one, two] = await sheets()
      assert.deepEqual(await read(one.value.showUrl), [200, 'sheet one'])
      assert.deepEqual(await read(two.value.downloadUrl), [200, long])
      assert.equal(stored(), before + 2)
      await server.result('crm.product.update', { id, fields: { [name]: [{ value: file('sheet three') }, { valueId: one.valueId, value: { remove: 'Y' } }] } })
      const [kept, three] = await sheets()
      assert.deepEqual([kept.valueId, kept.value.id], [two.valueId, two.value.id])
      assert.deepEqual(await read(three.value.showUrl), [200, 'sheet three'])
      assert.equal((await read(one.value.showUrl))[0], 404)
      await assert.rejects(server.result('crm.product.update', { id, fields: { [name]: [{ value: file('lost') }], CURRENCY_ID: 'ZZZ' } }))
      assert.equal((await sheets()).length, 2)
      await server.result('crm.product.property.delete', { id: property })
      assert.equal((await read(three.value.showUrl))[0], 404)
      if (!store.url) assert.equal(stored(), before)
    })

    test("a person's photo follows the scopes of user.get", async () => {
      await server.result('user.update', { ID: 3, PERSONAL_PHOTO: file('face').fileData, WORK_LOGO: file('work').fileData })
      const [person] = await server.result('user.get', { ID: 3 })
      assert.deepEqual(await read(person.PERSONAL_PHOTO), [200, 'face'])
      assert.deepEqual(await read(person.WORK_LOGO), [200, 'work'])
      const plain = person.WORK_LOGO.replace(/auth=.*/, 'auth=')
      assert.equal((await read(plain + hook(1, 'user_basic').split('/').at(-2)))[0], 200)
      assert.equal((await read(plain + hook(1, 'user_brief').split('/').at(-2)))[0], 401)
      assert.equal((await read(person.PERSONAL_PHOTO.replace(/auth=.*/, 'auth=') + hook(2, 'crm').split('/').at(-2)))[0], 401)
      const profile = scope => server.result('profile', undefined, { base: hook(3, scope) })
      assert.deepEqual(await read((await profile('user_brief')).PERSONAL_PHOTO), [200, 'face'])
      assert.equal('PERSONAL_PHOTO' in (await profile('crm')), false) // it could not be opened
      await server.result('user.update', { ID: 3, PERSONAL_PHOTO: person.PERSONAL_PHOTO, NAME: 'Same' })
      assert.deepEqual(await read((await server.result('user.get', { ID: 3 }))[0].PERSONAL_PHOTO), [200, 'face'])
      await server.result('user.update', { ID: 3, PERSONAL_PHOTO: '' })
      assert.equal('PERSONAL_PHOTO' in (await server.result('user.get', { ID: 3 }))[0], false)
    })

    test('what nobody has any more is not kept, equal content of another is', async () => {
      const before = stored()
      const add = name => server.result('crm.contact.add', { fields: { NAME: name, PHOTO: file('the same') } })
      const ids = [await add('One'), await add('Two')]
      assert.equal(stored(), before + 1)
      await server.result('crm.contact.delete', { id: ids[0] })
      const { showUrl } = (await server.result('crm.contact.get', { id: ids[1] })).PHOTO
      assert.deepEqual(await read(showUrl), [200, 'the same'])
      await server.result('crm.contact.delete', { id: ids[1] })
      if (!store.url) assert.equal(stored(), before)
      const refused = await server.call('crm.contact.add', { fields: { PHOTO: file('refused') } })
      assert.equal(refused.status, 400)
      if (!store.url) assert.equal(stored(), before)
      const check = rapport('check', '--data', server.dir, '--json')
      assert.equal(JSON.parse(check.out).clean, true, check.out)
    })

    test('what is no Base64 is refused and nothing of it kept', async () => {
      const before = stored()
      for (const PHOTO of [{ fileData: ['a.png', 'no Base64!'] }, { fileData: ['a.png', ' '] }, 'a.png', { remove: 'N' }]) {
        const { status, json } = await server.call('crm.contact.update', { id: 1, fields: { PHOTO } })
        assert.deepEqual([status, json.error_description], [400, 'The field PHOTO is not defined or invalid'])
      }
      assert.equal(stored(), before)
    })
  })
}
