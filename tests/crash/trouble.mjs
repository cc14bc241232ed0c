// See ./run --trouble.
//
// Each kind of trouble comes up under load, stays a while and goes; then it comes again and the server is
// ended in it, once in order and once by a kill. Meanwhile events are delivered and e-mails sent. After
// each start everything that was acknowledged is there.
import { spawnSync } from 'node:child_process'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { dropSchemas, stores, tempDir } from '../wire/lib/server.mjs'
import { Session, postgres } from './session.mjs'
import { Witness } from './witness.mjs'

const CALM_MS = 700 // load before and after
const STOP_MS = 10_000 // SIGTERM ends a server within this time, whatever its store does
const LINES = 100 // of the log, of one server

const { values } = parseArgs({
  options: { only: { type: 'string' }, seed: { type: 'string' }, for: { type: 'string', default: '3' } }
})
const seed = Number(values.seed ?? Date.now() % 1e9)
const TROUBLE_MS = Number(values.for) * 1000

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
  static async begin(kind, env) {
    const witness = new Witness()
    await witness.start()
    const dir = tempDir()
    const trial = new Trial({
      seed,
      store: kind.store,
      args: ['--smtp', witness.smtp],
      env: { ...env, FAULTY_ROOT: dir }
    })
    Object.assign(trial, { kind, witness })
    if (kind.store.url) dropSchemas(kind.store.url)
    await Session.prototype.begin.call(trial, dir)
    witness.listen(dir)
    return trial
  }

  async underLoad(during) {
    let stopped = false
    const mailing = this.witness.mail(this, () => stopped)
    try {
      await this.load(during, true)
    } finally {
      stopped = true
    }
    await mailing
  }

  async read() {
    const found = await super.read()
    for (const [id, row] of found) if (this.witness.isMail(row)) found.delete(id)
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

  async finish() {
    await this.witness.settle(this.dir, [...this.ledger.rows.keys()], Boolean(this.store.url))
    this.agent.destroy()
    await this.#stopInTime()
    rmSync(this.dir, { recursive: true, force: true })
    this.witness.stop()
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
        `${trial.witness.summary()}; ${ends.join('; ')}`
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
