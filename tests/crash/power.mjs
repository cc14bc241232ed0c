// See ./run --power: the power goes again and again in the middle of load (cut.c). After each cut the portal opens,
// everything acknowledged is there, of what was open all or nothing, and `rapport check` finds nothing. At the
// end every activity that was added was told of.
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { Server, dropSchemas, stores, tempDir } from '../wire/lib/server.mjs'
import { post } from './load.mjs'
import { Session, postgres } from './session.mjs'
import { Witness } from './witness.mjs'

const EXIT_CUT = 86
const ROUND_MS = 4000 // load without a cut: the moment chosen lies too late
const FIRST_CALLS = 600 // of a first start
const CALLS = 1500 // a cut comes within so many calls that write
const SYNCS = ['wal', 'file', 'dir']

const { values } = parseArgs({
  options: {
    cuts: { type: 'string', default: '2000' },
    for: { type: 'string', default: '100000' },
    seed: { type: 'string' },
    store: { type: 'string', default: 'sqlite' },
    skip: { type: 'string' }
  }
})
const seed = Number(values.seed ?? Date.now() % 1e9)
const store = stores.find(one => one.name === values.store)
assert.ok(store, `--store takes ${stores.map(one => one.name).join(' or ')}`)
const until = Date.now() + Number(values.for) * 1000

function compile(work) {
  const library = join(work, 'cut.so')
  const flags = '-D_GNU_SOURCE -O1 -Wall -Wextra -Werror -shared -fPIC'.split(' ')
  const sources = ['cut.c', 'cut_disk.c'].map(name => new URL(name, import.meta.url).pathname)
  const cc = spawnSync('cc', [...flags, '-o', library, ...sources, '-ldl'], { encoding: 'utf8' })
  assert.equal(cc.status, 0, cc.stderr)
  return library
}

class Power extends Session {
  cuts = 0
  early = 0 // while the server started
  firsts = 0 // while a portal was made
  told = new Set() // activities that were there after some cut
  mails = new Set() // e-mails

  constructor(library, skip) {
    super({ seed, store })
    this.library = library
    this.skip = skip
  }

  async begin() {
    this.witness = new Witness()
    await this.witness.start()
    this.args = ['--smtp', this.witness.smtp]
    if (this.store.url) dropSchemas(this.store.url)
    await super.begin(tempDir())
    this.witness.listen(this.dir)
    await this.server.stop({ keep: true })
  }

  async read() {
    const found = await super.read()
    for (const [id, row] of found) {
      if (!this.witness.isMail(row)) continue
      this.mails.add(id)
      found.delete(id)
    }
    return found
  }

  // The power goes after some call; more often early, when all is about to begin.
  #power(root, calls) {
    return {
      LD_PRELOAD: this.library,
      ASAN_OPTIONS: 'verify_asan_link_order=0',
      CUT_ROOT: root,
      CUT_AFTER: `${1 + Math.floor(this.random() ** 2 * calls)}`,
      CUT_SEED: `${this.random.below(1e9)}`,
      CUT_LEAVE: this.random.pick(['none', 'all', 'part', 'part']),
      ...(this.skip ? { CUT_SKIP: this.skip } : {})
    }
  }

  async #startToCut() {
    this.env = this.#power(this.dir, CALLS)
    try {
      await this.start(this.dir, false)
      return true
    } catch (error) {
      if (error.code !== EXIT_CUT) throw error
      this.early++
      return false
    }
  }

  // Load until the power goes, or for a while.
  async #load() {
    const gone = this.server.exited
    let stopped = false
    const mailing = this.witness.mail(this, () => stopped)
    try {
      await this.load(async () => {
        if (!(await Promise.race([gone, sleep(ROUND_MS, null, { ref: false })]))) this.server.kill('SIGKILL')
        await gone
      }, false)
    } finally {
      stopped = true
    }
    await mailing
    const { code, signal } = await gone
    assert.ok(code === EXIT_CUT || signal === 'SIGKILL', `the server ended with ${code} ${signal}: ${this.server.log}`)
  }

  async #cut() {
    if (await this.#startToCut()) await this.#load()
    this.cuts++
    await this.#database()
    this.env = {}
    await this.start(this.dir, false)
    await this.verify()
    for (const id of this.ledger.rows.keys()) this.told.add(id)
    for (const id of this.witness.accepted) assert.ok(this.mails.has(id), `the e-mail ${id} is lost`)
    this.server.kill('SIGKILL')
    await this.server.exited
  }

  // The first start of a portal: after the cut the same command makes it, or takes it up.
  async #first() {
    const dir = join(tempDir(), 'data')
    const all = { store: this.store, dir, demo: false, args: ['--log', 'warn', '--demo'] }
    if (this.store.url) return
    const env = this.#power(dir, FIRST_CALLS)
    let said = null
    try {
      const server = await Server.start({ ...all, env })
      said = server.lines
      server.kill('SIGKILL')
      await server.exited
    } catch (error) {
      if (error.code !== EXIT_CUT) throw error
      this.firsts++
    }
    const server = await Server.start(all)
    const { status, json } = await post(this.agent, `${server.webhook}crm.deal.list`, {})
    assert.equal(status, 200, `after a cut of the first start (${JSON.stringify(env)}): ${JSON.stringify(json)}`)
    assert.ok(json.total > 10, `the demo is not whole: ${json.total}; ${said}`)
    await server.stop()
    rmSync(join(dir, '..'), { recursive: true, force: true })
  }

  // PostgreSQL's own power goes at the same moment. Its files are the kernel's, which lives on.
  async #database() {
    if (!this.store.url) return
    await postgres('kill')
    await postgres('restart')
  }

  // Every activity that was there after some cut is told of, and no e-mail is lost in silence.
  async #settle() {
    await this.start(this.dir, false)
    await this.witness.settle(this.dir, [...this.told], Boolean(this.store.url))
    await this.server.stop({ keep: true })
  }

  async all() {
    console.log(`power: ${store.name}, seed ${seed}`)
    await this.begin()
    try {
      for (let i = 0; i < Number(values.cuts) && Date.now() < until; i++) {
        await (i % 10 === 9 ? this.#first() : this.#cut())
        if (this.cuts % 100 === 0) console.log(`power: ${this.summary()}`)
      }
      await this.#settle()
    } catch (error) {
      error.message = `after ${this.cuts} cuts, seed ${seed}, data in ${this.dir}: ${error.message}`
      throw error
    } finally {
      this.witness.stop()
      this.agent.destroy()
      if (this.server) this.server.kill('SIGKILL')
    }
    assert.ok(this.stats.acknowledged > this.cuts, 'hardly anything was acknowledged')
    rmSync(this.dir, { recursive: true, force: true })
  }

  summary() {
    const { acknowledged, files } = this.stats
    return (
      `${this.cuts} cuts (${this.early} while it started, ${this.firsts} more at a first start), ${acknowledged} acknowledged changes, none lost; ` +
      `${this.ledger.kept + this.ledger.dropped} open at a cut: ${this.ledger.kept} kept, ${this.ledger.dropped} not; ` +
      `${files} files read, ${this.told.size} events told, ${this.witness.mailed.size} e-mails`
    )
  }
}

const work = tempDir()
const library = compile(work)
let failed = false
try {
  if (values.skip) {
    // A server that leaves a sync out must be found out.
    for (const skip of values.skip === 'each' ? SYNCS : [values.skip]) {
      const run = new Power(library, skip)
      const found = await run.all().then(
        () => null,
        error => error
      )
      console.log(
        found
          ? `power: without the sync of ${skip}: noticed ${found.message.split('\n')[0]}`
          : `power: FAILED: nobody noticed that the sync of ${skip} was left out: ${run.summary()}`
      )
      failed ||= !found
      if (found && existsSync(run.dir)) rmSync(run.dir, { recursive: true, force: true })
    }
  } else {
    const run = new Power(library)
    await run.all()
    console.log(`power: ok: ${store.name}, ${run.summary()}, seed ${seed}`)
  }
} finally {
  rmSync(work, { recursive: true, force: true })
}
process.exit(failed ? 1 : 0)
