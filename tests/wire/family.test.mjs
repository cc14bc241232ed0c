// The activity's own family over HTTP: an application with its types, layouts and blocks; transcripts.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { Server, rapport, stores } from './lib/server.mjs'

const layout = {
  icon: { code: 'info' },
  header: { title: { de: 'Hallo', en: 'Hello' } },
  body: { logo: { code: 'call' }, blocks: { due: { type: 'deadline' } } }
}

for (const store of stores) {
  describe(`the activity's family, ${store.name}`, () => {
    let server
    const command = (...args) => {
      const { code, out, err } = rapport(
        ...args,
        '--data',
        server.dir,
        ...(store.url ? ['--store', store.url] : [])
      )
      return { code, out, err }
    }
    const json = (...args) => {
      const { code, out, err } = command(...args, '--json')
      assert.equal(code, 0, err)
      return JSON.parse(out)
    }
    before(async () => {
      server = await Server.start({ store })
    })
    after(() => server.stop())

    test('a transcript set is answered, and gone when removed', async () => {
      const get = () => server.result('crm.activity.call.getTranscript', { activityId: 999 })
      // A server sees within 20 ms what another process wrote.
      const becomes = async wanted => {
        const until = Date.now() + 5000
        while (Date.now() < until && !isDeepStrictEqual(await get(), wanted));
        assert.deepEqual(await get(), wanted)
      }
      const file = join(server.dir, 'transcript.txt')
      assert.equal(await get(), null)
      writeFileSync(file, 'Grüße\n')
      assert.deepEqual(json('transcript', 'set', '--activity', '999', '--file', file), {
        activity: 999,
        set: true
      })
      await becomes({ transcription: 'Grüße\n' })
      writeFileSync(file, Buffer.from([0xff, 0xfe]))
      assert.equal(command('transcript', 'set', '--activity', '999', '--file', file).code, 1)
      assert.equal(command('transcript', 'set', '--activity', '99999', '--file', file).code, 1)
      assert.deepEqual(await get(), { transcription: 'Grüße\n' })
      assert.deepEqual(json('transcript', 'remove', '--activity', '999'), { activity: 999, removed: true })
      await becomes(null)
      assert.equal(command('transcript', 'remove', '--activity', '999').code, 1)
    })

    test('a to-do is no call: it takes no transcript', async () => {
      const file = join(server.dir, 'transcript.txt')
      const { id } = await server.result('crm.activity.todo.add', {
        ownerTypeId: 2,
        ownerId: 1,
        deadline: '2030-01-01T10:00:00Z'
      })
      writeFileSync(file, 'x')
      const { code, err } = command('transcript', 'set', '--activity', String(id), '--file', file)
      assert.equal(code, 1)
      assert.match(err, /there is no call/)
    })

    test('an application makes, changes and deletes what is its own', async () => {
      const app = json('app', 'add', '--name', 'Own', '--redirect-uri', 'http://127.0.0.1:9/x', '--scope', 'crm')
      const token = json('token', 'issue', '--app', String(app.id), '--user', '1')
      const call = (method, params) =>
        server.call(method, { ...params, auth: token.access_token }, { base: `${server.url}rest/` })
      const result = async (method, params) => {
        const answer = await call(method, params)
        assert.equal(answer.status, 200, `${method}: ${JSON.stringify(answer.json)}`)
        return answer.json.result
      }
      const icon = { fileData: ['icon.png', Buffer.from('png').toString('base64')] }
      assert.equal(
        await result('crm.activity.type.add', {
          fields: { TYPE_ID: 'OWN', NAME: 'Own', ICON_FILE: icon, IS_CONFIGURABLE_TYPE: 'Y' }
        }),
        true
      )
      const [type] = await result('crm.activity.type.list')
      assert.match(type.ICON_ID, /^[1-9]\d*$/)
      const { activity } = await result('crm.activity.configurable.add', {
        ownerTypeId: 2,
        ownerId: 1,
        fields: { typeId: 'OWN', deadline: '2030-01-01T10:00:00Z' },
        layout
      })
      const read = await result('crm.activity.configurable.get', { id: activity.id })
      assert.deepEqual(read.activity.layout, layout)
      assert.equal(read.activity.fields.typeId, 'OWN')
      const refused = await server.call('crm.activity.delete', { id: activity.id })
      assert.equal(refused.json.error_description, 'Application context required')
      assert.equal(await result('crm.activity.delete', { id: activity.id }), true)
      assert.equal(await result('crm.activity.type.delete', { TYPE_ID: 'OWN' }), true)
      assert.equal(command('check').code, 0)
    })
  })
}
