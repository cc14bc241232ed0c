// E-mail activities through a real SMTP server, Debian's python3-aiosmtpd, that keeps what it takes.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'
import { Server, rapport, stores, tempDir } from './lib/server.mjs'

const relays = new Set()
after(() => {
  Server.killAll()
  for (const relay of relays) relay.kill('SIGKILL')
})

function freePort() {
  return new Promise(resolve => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}

// Until it greets.
async function greets(port) {
  for (;;) {
    const greeted = await new Promise(resolve => {
      const socket = net.connect(port, '127.0.0.1')
      socket.once('data', () => resolve(true)).once('error', () => resolve(false))
      socket.once('data', () => socket.destroy())
    })
    if (greeted) return
  }
}

async function startRelay(port, folder, ...options) {
  const relay = spawn(
    '/usr/bin/python3',
    ['-m', 'aiosmtpd', '-n', '-u', ...options, '-l', `127.0.0.1:${port}`, '-c', 'aiosmtpd.handlers.Mailbox', folder],
    { stdio: 'ignore' }
  )
  relays.add(relay)
  await greets(port)
  return relay
}

// A message as the relay keeps it: its headers unfolded, its text parts decoded.
function read(file) {
  const text = readFileSync(file, 'utf8').replaceAll('\r\n', '\n')
  const [head] = text.split('\n\n', 1)
  const headers = Object.fromEntries(
    head
      .replace(/\n[ \t]+/g, ' ')
      .split('\n')
      .map(line => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()])
  )
  return { headers, text }
}

const words = text =>
  text
    .replace(/\?= +=\?/g, '?==?')
    .replace(/=\?UTF-8\?B\?([^?]*)\?=/g, (_, word) => Buffer.from(word, 'base64').toString('latin1'))

const decode = text => Buffer.from(words(text), 'latin1').toString('utf8')

for (const store of stores) {
  describe(`e-mail on ${store.name}`, () => {
    let server, port, folder, relay
    const mail = (fields = {}) => ({
      fields: {
        OWNER_TYPE_ID: 3,
        OWNER_ID: 3,
        TYPE_ID: 4,
        DIRECTION: 2,
        COMPLETED: 'Y',
        RESPONSIBLE_ID: 1,
        SUBJECT: 'Offer',
        DESCRIPTION: 'Plain text',
        DESCRIPTION_TYPE: 1,
        COMMUNICATIONS: [{ VALUE: 'client@example.com', ENTITY_ID: 3, ENTITY_TYPE_ID: 3 }],
        SETTINGS: { MESSAGE_FROM: 'Jürgen Weiß <juergen@example.org>', DISABLE_SENDING_MESSAGE_COPY: 'Y' },
        ...fields
      }
    })
    const run = (...args) => {
      const done = rapport('mail', ...args, '--data', server.dir, '--json')
      assert.equal(done.code, 0, done.err)
      return JSON.parse(done.out)
    }
    const sent = async () => {
      while (run().some(one => !one.given_up));
      const inbox = join(folder, 'new')
      return existsSync(inbox) ? readdirSync(inbox).map(name => read(join(inbox, name))) : []
    }
    const last = async subject => (await sent()).filter(one => decode(one.headers.subject) === subject)

    before(async () => {
      port = await freePort()
      folder = join(tempDir(), 'mail')
      relay = await startRelay(port, folder, '-s', '100000')
      server = await Server.start({ store, args: ['--smtp', `smtp://127.0.0.1:${port}`] })
    })
    after(async () => {
      await server.stop()
      relay.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    })

    test('subject, text, names and attachments arrive', async () => {
      const subject = 'Предложение № 5 — условия поставки, оплаты и гарантии на оборудование'
      const file = Buffer.from('a,b\n1,2\n')
      await server.result(
        'crm.activity.add',
        mail({
          SUBJECT: subject,
          DESCRIPTION: '<p>Grüße = <b>жирный</b></p>',
          DESCRIPTION_TYPE: 3,
          FILES: [{ fileData: ['Прайс "новый".csv', file.toString('base64')] }]
        })
      )
      const [message, ...more] = await last(subject)
      assert.equal(more.length, 0)
      assert.equal(decode(message.headers.from), 'Jürgen Weiß <juergen@example.org>')
      assert.equal(message.headers.to, '<client@example.com>')
      assert.equal(message.headers['x-rcptto'], 'client@example.com')
      assert.match(message.headers.date, /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/)
      assert.match(message.headers['message-id'], /^<activity\.\d+\.\d+@rapport>$/)
      assert.match(message.text, /Content-Type: text\/html; charset=utf-8/i)
      assert.ok(message.text.includes('<p>Gr=C3=BC=C3=9Fe =3D <b>'), message.text)
      assert.ok(message.text.includes(file.toString('base64')))
      const name = /filename="([^"]*)"/.exec(message.text)[1]
      assert.equal(decode(name), 'Прайс _новый_.csv') // as FILES keeps it
    })

    test('what comes from a request stays inside its header', async () => {
      await server.result('crm.activity.add', mail({ SUBJECT: 'Hi\r\nBcc: all@example.com\r\n\r\nText' }))
      const [message] = await last('Hi\r\nBcc: all@example.com\r\n\r\nText')
      assert.equal(message.headers.bcc, undefined)
      assert.equal(message.headers['x-rcptto'], 'client@example.com')
      for (const value of ['a@b.c>\r\nRCPT TO:<x@y.z', 'a b@c.d', '<a@b.c', 'none', 'a@b@c.d', 'ü@example.com']) {
        const { status, json } = await server.call('crm.activity.add', mail({ COMMUNICATIONS: [{ VALUE: value, ENTITY_ID: 3, ENTITY_TYPE_ID: 3 }] }))
        assert.deepEqual([status, json.error_description], [400, 'Email send error. Invalid email is specified'], value)
      }
    })

    test('without MESSAGE_FROM the responsible person sends, and gets a copy', async () => {
      await server.result('crm.activity.add', mail({ SUBJECT: 'From me', SETTINGS: {} }))
      const [message] = await last('From me')
      const person = (await server.result('user.get', { ID: 1 }))[0]
      assert.equal(decode(message.headers.from), `${person.NAME} ${person.LAST_NAME} <${person.EMAIL}>`)
      assert.equal(message.headers['x-rcptto'], `client@example.com, ${person.EMAIL}`)
    })

    test('it is sent only outgoing and completed, when it is added', async () => {
      for (const fields of [{ DIRECTION: 1 }, { COMPLETED: 'N' }, { TYPE_ID: 2 }]) {
        const id = await server.result('crm.activity.add', mail({ SUBJECT: 'Never', ...fields }))
        await server.result('crm.activity.update', { id, fields: { COMPLETED: 'Y', DIRECTION: 2 } })
      }
      assert.deepEqual(await last('Never'), [])
    })

    test('who is missing is said, and the activity stays unsent', async () => {
      const none = await server.call('crm.activity.add', mail({ COMMUNICATIONS: [{ VALUE: '', ENTITY_ID: 3, ENTITY_TYPE_ID: 3 }] }))
      assert.deepEqual([none.status, none.json.error_description], [400, 'Email send error. "To" is not found'])
      const added = rapport('user', 'add', '--login', 'noaddress', '--data', server.dir, '--json')
      const user = JSON.parse(added.out).id
      const from = await server.call('crm.activity.add', mail({ RESPONSIBLE_ID: user, SETTINGS: {} }))
      assert.deepEqual([from.status, from.json.error_description], [400, 'Email send error. "From" is not found'])
      const file = ['note.txt', Buffer.from('kept').toString('base64')]
      const wrong = await server.call(
        'crm.activity.add',
        mail({ SUBJECT: 'Unsent', SETTINGS: { MESSAGE_FROM: 'nobody' }, FILES: [{ fileData: file }] })
      )
      assert.equal(wrong.json.error_description, 'Email send error. Invalid email is specified')
      assert.deepEqual(await last('Unsent'), [])
      const [kept] = await server.result('crm.activity.list', { filter: { SUBJECT: 'Unsent' }, select: ['FILES'] })
      assert.equal(await (await fetch(kept.FILES[0].url)).text(), 'kept')
    })

    test('what the relay refuses is given up; what it cannot take now waits, and outlives a kill', async () => {
      const large = Buffer.alloc(150_000, 'x').toString('base64')
      const id = await server.result('crm.activity.add', mail({ SUBJECT: 'Large', FILES: [{ fileData: ['large.bin', large] }] }))
      assert.deepEqual(await last('Large'), [])
      const [row] = run()
      assert.deepEqual([row.activity, row.given_up, row.attempts], [id, true, 1])
      assert.match(row.last_error, /55\d/)
      assert.deepEqual(run('drop'), { dropped: 1 })

      relay.kill('SIGKILL')
      await server.result('crm.activity.add', mail({ SUBJECT: 'Patient' }))
      const gone = await server.result('crm.activity.add', mail({ SUBJECT: 'Withdrawn' }))
      await server.result('crm.activity.delete', { id: gone })
      let waiting
      do waiting = run()
      while (!waiting[0].last_error)
      assert.deepEqual([waiting.length, waiting[0].given_up], [1, false])
      server.kill('SIGKILL')
      await server.exited
      relay = await startRelay(port, folder, '-s', '100000')
      const dir = server.dir
      server = await Server.start({ store, dir, args: ['--smtp', `smtp://127.0.0.1:${port}`] })
      assert.equal((await last('Patient')).length, 1)
      assert.deepEqual(await last('Withdrawn'), [])
    })
  })
}
