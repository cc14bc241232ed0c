// Whoever hears of what the server does: takes its events and its e-mails, and knows at the end whether each came.
import http from 'node:http'
import net from 'node:net'
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { rapport } from '../wire/lib/server.mjs'
import { post } from './load.mjs'

const PATIENCE_MS = 60_000

const server = listener =>
  new Promise(resolve => {
    listener.listen(0, '127.0.0.1', () => resolve(listener.address().port))
  })

// Takes events, and remembers which activities it heard of.
class Sink {
  heard = new Set()
  async start() {
    this.http = http.createServer((request, answer) => {
      let body = ''
      request.on('data', part => (body += part))
      request.on('end', () => {
        this.heard.add(Number(new URLSearchParams(body).get('data[FIELDS][ID]')))
        answer.end()
      })
    })
    this.url = `http://127.0.0.1:${await server(this.http)}/`
  }
}

// Takes e-mails, and counts them by subject.
class Relay {
  taken = new Map()
  async start() {
    this.net = net.createServer(socket => {
      let text = '',
        data = false
      socket.on('error', () => {})
      socket.write('220 relay\r\n')
      socket.on('data', part => {
        text += part
        for (;;) {
          const end = text.indexOf(data ? '\r\n.\r\n' : '\r\n')
          if (end < 0) return
          const piece = text.slice(0, end)
          text = text.slice(end + (data ? 5 : 2))
          if (data) {
            const subject = /^Subject: (.*)$/m.exec(piece)[1].trim()
            this.taken.set(subject, (this.taken.get(subject) ?? 0) + 1)
            data = false
            socket.write('250 taken\r\n')
          } else if (/^DATA/i.test(piece)) {
            data = true
            socket.write('354 go on\r\n')
          } else if (/^QUIT/i.test(piece)) socket.end('221 bye\r\n')
          else socket.write('250 good\r\n')
        }
      })
    })
    this.url = `smtp://127.0.0.1:${await server(this.net)}`
  }
}

export class Witness {
  accepted = new Set() // ids of e-mails, which the ledger does not know
  mailed = new Map() // subject -> id, 0 where no answer came
  #sink = new Sink()
  #relay = new Relay()

  async start() {
    await this.#sink.start()
    await this.#relay.start()
    this.smtp = this.#relay.url
  }

  // The events of activities come here; before there are any.
  listen(dir) {
    const to = ['--handler', this.#sink.url, '--event', 'ONCRMACTIVITYADD', '--data', dir]
    const hook = rapport('hook', 'out', 'add', ...to)
    assert.equal(hook.code, 0, hook.err)
  }

  // E-mails beside the load, each once; whether it was accepted does not matter here.
  async mail(session, stopped) {
    while (!stopped()) {
      const subject = `mail-${this.mailed.size + 1}`
      this.mailed.set(subject, 0)
      try {
        const { json } = await post(session.agent, `${session.server.webhook}crm.activity.add`, {
          fields: {
            OWNER_TYPE_ID: 3,
            OWNER_ID: 3,
            TYPE_ID: 4,
            DIRECTION: 2,
            COMPLETED: 'Y',
            RESPONSIBLE_ID: 1,
            SUBJECT: subject,
            DESCRIPTION: subject,
            COMMUNICATIONS: [{ VALUE: 'client@example.com', ENTITY_ID: 3, ENTITY_TYPE_ID: 3 }],
            SETTINGS: { MESSAGE_FROM: 'shop@example.org', DISABLE_SENDING_MESSAGE_COPY: 'Y' }
          }
        })
        if (json.result) this.accepted.add(json.result)
        this.mailed.set(subject, json.result ?? 0)
      } catch {
        if (stopped()) return
      }
      await sleep(50)
    }
  }

  isMail(row) {
    return row.subject.startsWith('mail-')
  }

  // Each of these activities was told of; every e-mail went out once, or is said not to have.
  async settle(dir, added, mayWait = false) {
    const deadline = Date.now() + PATIENCE_MS
    for (let missing = added; missing.length; await sleep(50)) {
      missing = missing.filter(id => !this.#sink.heard.has(id))
      assert.ok(Date.now() < deadline || !missing.length, `no event of ${missing}`)
    }
    for (;;) {
      const run = rapport('mail', 'list', '--data', dir, '--json')
      assert.equal(run.code, 0, run.err)
      this.said = new Map(JSON.parse(run.out).map(one => [one.activity, one]))
      // What a killed server had on its way is given up at the next start; with PostgreSQL, where
      // another server may be sending it, after five minutes.
      if ([...this.said.values()].every(one => one.given_up || (mayWait && one.on_its_way))) break
      assert.ok(Date.now() < deadline, `e-mails wait: ${run.out}`)
      await sleep(50)
    }
    for (const [subject, id] of this.mailed) {
      const times = this.#relay.taken.get(subject) ?? 0
      assert.ok(times <= 1, `${subject} went out ${times} times`)
      const said = this.said.get(id)
      if (id && !times) assert.ok(said?.on_its_way || said?.last_error, `${subject} (activity ${id}) is lost in silence`)
    }
  }

  summary() {
    return `${this.#relay.taken.size} e-mails sent once, ${this.said.size} said to be unknown`
  }

  stop() {
    this.#sink.http.close()
    this.#sink.http.closeAllConnections()
    this.#relay.net.close()
  }
}
