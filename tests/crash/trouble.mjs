// See ./run --trouble.
//
// Each kind of trouble comes up under load, stays a while and goes; then it comes again and the server is
// ended in it, once in order and once by a kill. Meanwhile events are delivered and e-mails sent. After
// each start everything that was acknowledged is there.
import { spawnSync } from 'node:child_process'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import http from 'node:http'
import net from 'node:net'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { dropSchemas, rapport, stores, tempDir } from '../wire/lib/server.mjs'
import { Session, postgres } from './session.mjs'
import { post } from './load.mjs'

const CALM_MS = 700 // load before and after
const STOP_MS = 10_000 // SIGTERM ends a server within this time, whatever its store does
const LINES = 100 // of the log, of one server
const PATIENCE_MS = 30_000

const { values } = parseArgs({
  options: { only: { type: 'string' }, seed: { type: 'string' }, for: { type: 'string', default: '3' } }
})
const seed = Number(values.seed ?? Date.now() % 1e9)
const TROUBLE_MS = Number(values.for) * 1000

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

// A kind of trouble: how it begins and how it ends.
function disk(name, code, control) {
  const set = byte => {
    const fd = openSync(control, 'r+')
    writeSync(fd, byte, 0)
    closeSync(fd)
  }
  return { name, store: stores[0], begin: async () => set(code), end: async () => set('0') }
}

class Trial extends Session {
  mails = 0

  static async begin(kind, env) {
    const sink = new Sink(),
      relay = new Relay()
    await sink.start()
    await relay.start()
    const dir = tempDir()
    const trial = new Trial({
      seed,
      store: kind.store,
      args: ['--smtp', relay.url],
      env: { ...env, FAULTY_ROOT: dir }
    })
    Object.assign(trial, { kind, sink, relay })
    if (kind.store.url) dropSchemas(kind.store.url)
    await Session.prototype.begin.call(trial, dir)
    const hook = rapport('hook', 'out', 'add', '--handler', sink.url, '--event', 'ONCRMACTIVITYADD', '--data', dir)
    assert.equal(hook.code, 0, hook.err)
    return trial
  }

  // E-mails beside the load, each once; whether it was accepted does not matter here.
  async #mail(stopped) {
    while (!stopped()) {
      const subject = `mail-${++this.mails}`
      try {
        const { json } = await post(this.agent, `${this.server.webhook}crm.activity.add`, {
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
        this.mailed.set(subject, 0)
        if (stopped()) return
      }
      await sleep(50)
    }
  }

  accepted = new Set() // ids of e-mails, which the ledger does not know
  mailed = new Map()

  async underLoad(during) {
    let stopped = false
    const mailing = this.#mail(() => stopped)
    try {
      await this.load(during, true)
    } finally {
      stopped = true
    }
    await mailing
  }

  async read() {
    const found = await super.read()
    for (const [id, row] of found) if (row.subject.startsWith('mail-')) found.delete(id)
    return found
  }

  async #stopInTime() {
    const asked = Date.now()
    const late = sleep(STOP_MS, true, { ref: false })
    const isLate = await Promise.race([late, this.server.stop({ keep: true }).then(() => false)])
    assert.ok(!isLate, `SIGTERM has not ended it in ${STOP_MS} ms`)
    return Date.now() - asked
  }

  #checkLog() {
    const lines = this.server.log.split('\n')
    assert.ok(lines.length < LINES, `${lines.length} lines in the log:\n${lines.slice(0, 40).join('\n')}`)
    return lines.length
  }

  // The trouble comes, stays and goes; then it comes to stay, and the server is ended by `signal`.
  async round(signal) {
    await this.underLoad(async () => {
      await sleep(CALM_MS)
      const before = this.stats.acknowledged
      await this.kind.begin()
      await sleep(TROUBLE_MS)
      await this.kind.end()
      this.inTrouble = this.stats.acknowledged - before
      await this.resumed()
      await sleep(CALM_MS)
    })
    await this.verify()
    let took = 0
    await this.underLoad(async () => {
      await sleep(CALM_MS)
      await this.kind.begin()
      await sleep(CALM_MS)
      if (signal === 'SIGTERM') took = await this.#stopInTime()
      this.server.kill('SIGKILL')
      await this.server.exited
    })
    const lines = this.#checkLog()
    await this.kind.end()
    await this.start(this.dir, false)
    await this.verify()
    return `${signal}${took ? ` ended it in ${took} ms` : ''}, ${lines} lines`
  }

  // Every activity that is there was told of; every e-mail went out once, or is said not to have.
  async #settle() {
    const deadline = Date.now() + PATIENCE_MS
    const added = [...this.ledger.rows.keys()]
    for (let missing = added; missing.length; await sleep(50)) {
      missing = missing.filter(id => !this.sink.heard.has(id))
      assert.ok(Date.now() < deadline || !missing.length, `no event of ${missing}`)
    }
    for (;;) {
      const run = rapport('mail', 'list', '--data', this.dir, '--json')
      assert.equal(run.code, 0, run.err)
      this.said = new Map(JSON.parse(run.out).map(one => [one.activity, one]))
      // What a killed server had on its way is given up at the next start; with PostgreSQL, where
      // another server may be sending it, after five minutes.
      if ([...this.said.values()].every(one => one.given_up || (this.store.url && one.on_its_way))) break
      assert.ok(Date.now() < deadline, `e-mails wait: ${run.out}`)
      await sleep(50)
    }
    for (const [subject, id] of this.mailed) {
      const times = this.relay.taken.get(subject) ?? 0
      assert.ok(times <= 1, `${subject} went out ${times} times`)
      const said = this.said.get(id)
      if (id && !times) assert.ok(said?.on_its_way || said?.last_error, `${subject} (activity ${id}) is lost in silence`)
    }
  }

  async finish() {
    await this.#settle()
    this.agent.destroy()
    await this.#stopInTime()
    rmSync(this.dir, { recursive: true, force: true })
    this.sink.http.close()
    this.sink.http.closeAllConnections()
    this.relay.net.close()
  }
}

async function tryKind(kind, env) {
  const trial = await Trial.begin(kind, env)
  try {
    const ends = []
    for (const signal of ['SIGTERM', 'SIGKILL']) ends.push(await trial.round(signal))
    await trial.finish()
    const { acknowledged, refused } = trial.stats
    console.log(
      `trouble: ok: ${kind.name} on ${kind.store.name}: ${acknowledged} acknowledged changes, none lost; ${refused} refused; ` +
        `${trial.relay.taken.size} e-mails sent once, ${trial.said.size} said to be unknown; ${ends.join('; ')}`
    )
  } catch (error) {
    console.error(`trouble: ${kind.name} on ${kind.store.name}, seed ${seed}, data kept in ${trial.dir}`)
    if (trial.server?.log) console.error(trial.server.log.split('\n').slice(-20).join('\n'))
    await kind.end()
    trial.server?.kill('SIGKILL')
    throw error
  }
}

const work = tempDir()
const library = join(work, 'faulty.so'),
  control = join(work, 'control')
const built = spawnSync(
  'cc',
  ['-D_GNU_SOURCE', '-O1', '-Wall', '-Wextra', '-Werror', '-shared', '-fPIC', '-o', library, new URL('faulty.c', import.meta.url).pathname, '-ldl'],
  { encoding: 'utf8' }
)
assert.equal(built.status, 0, built.stderr)


const fd = openSync(control, 'w')
writeSync(fd, '0')
closeSync(fd)
const kinds = [
  disk('a full disk', 'f', control),
  disk('failing writes', 'e', control),
  disk('a failing fsync', 's', control),
  ...stores
    .filter(store => store.url)
    .map(store => ({
      name: 'a stopped server',
      store,
      begin: () => postgres('pause'),
      end: () => postgres('resume')
    }))
]
for (const kind of kinds.filter(one => !values.only || one.name.includes(values.only)))
  await tryKind(kind, kind.store.url ? {} : { LD_PRELOAD: library, FAULTY_CONTROL: control })
rmSync(work, { recursive: true, force: true })
process.exit(0)
