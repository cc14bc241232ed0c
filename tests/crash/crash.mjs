// See ./run.
import { spawn } from 'node:child_process'
import { readdirSync, rmSync } from 'node:fs'
import http from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { Server, rapport, stores } from '../wire/lib/server.mjs'
import { Ledger, fileBytes } from './ledger.mjs'
import { Writer, post } from './load.mjs'
import { randomFrom } from './random.mjs'

const WRITERS = 32
const LOAD_MS = 400 // a kill comes within this time of load
const SAMPLE = 20 // old files read again after each kill
const PATIENCE_MS = 30_000

function options() {
  try {
    const { values } = parseArgs({
      options: {
        kills: { type: 'string', default: '200' },
        store: { type: 'string', default: 'sqlite' },
        seed: { type: 'string' }
      }
    })
    const store = stores.find(one => one.name === values.store)
    if (!store) throw new Error(`--store takes ${stores.map(one => one.name).join(' or ')}`)
    const kills = Number(values.kills),
      seed = Number(values.seed ?? Date.now() % 1e9)
    if (!(kills > 0) || !Number.isInteger(seed)) throw new Error('--kills and --seed take numbers')
    return { kills, seed, store }
  } catch (error) {
    console.error(`crash: ${error.message}`)
    process.exit(2)
  }
}

function postgres(action) {
  const script = fileURLToPath(new URL('../postgres.sh', import.meta.url))
  return new Promise((resolve, reject) => {
    spawn('bash', [script, action, process.env.RAPPORT_TEST_POSTGRES_DIR], {
      stdio: ['ignore', 'ignore', 'inherit']
    })
      .on('error', reject)
      .on('close', code => (code === 0 ? resolve() : reject(new Error(`postgres.sh ${action}: ${code}`))))
  })
}

class Run {
  ledger = new Ledger()
  stats = { acknowledged: 0, batches: 0, refused: 0, files: 0, databaseKills: 0, slowestStart: 0 }

  constructor({ kills, seed, store }) {
    Object.assign(this, { kills, seed, store, random: randomFrom(seed) })
    this.writers = Array.from(
      { length: WRITERS },
      (_, i) => new Writer(`w${i}`, this.ledger, this.random, this.stats)
    )
  }

  // All of the portal's activities but those of the demo data, which were there before.
  async #read() {
    const found = new Map()
    for (let last = this.lastDemo; ;) {
      const { status, json } = await post(this.agent, `${this.server.webhook}crm.activity.list`, {
        filter: { '>ID': last },
        order: { ID: 'ASC' },
        start: -1,
        select: ['ID', 'SUBJECT', 'DESCRIPTION', 'FILES']
      })
      assert.equal(status, 200, JSON.stringify(json))
      for (const row of json.result)
        found.set(Number(row.ID), { subject: row.SUBJECT, description: row.DESCRIPTION, files: row.FILES })
      if (json.result.length < 50) return found
      last = json.result.at(-1).ID
    }
  }

  async #checkFiles(found) {
    const withFiles = [...this.ledger.rows].filter(([, row]) => row.files.length).map(([id]) => id)
    const ids = new Set([...this.ledger.touched].filter(id => this.ledger.rows.has(id)))
    for (let i = 0; i < SAMPLE && withFiles.length; i++) ids.add(this.random.pick(withFiles))
    for (const id of ids) {
      const expected = this.ledger.rows
        .get(id)
        .files.map(name => fileBytes(name).toString('latin1'))
        .sort()
      const contents = await Promise.all(
        found.get(id).files.map(async file => {
          const answer = await fetch(file.url)
          assert.equal(answer.status, 200, `${file.url}: ${answer.status}`)
          return Buffer.from(await answer.arrayBuffer()).toString('latin1')
        })
      )
      assert.deepEqual(
        contents.map(text => text.length),
        expected.map(text => text.length),
        `activity ${id}: its files`
      )
      assert.ok(
        contents.sort().every((text, i) => text === expected[i]),
        `activity ${id}: the content of its files`
      )
      this.stats.files++
    }
    this.ledger.touched.clear()
  }

  async #verify() {
    const found = await this.#read()
    this.ledger.settle(found)
    this.ledger.compare(found)
    await this.#checkFiles(found)
    const check = rapport('check', '--data', this.server.dir, '--json')
    assert.equal(check.code, 0, check.out + check.err)
    this.checked = JSON.parse(check.out)
    for (const writer of this.writers) writer.pool = []
    // The activities are dealt anew, so that open ones that were kept are in play again.
    let turn = 0
    for (const id of this.ledger.rows.keys()) this.writers[turn++ % WRITERS].pool.push(id)
  }

  // Load from all writers; `during` ends it by what it does. Rejects when a writer met a wrong answer.
  async #load(during, mayFail) {
    let stopped = false
    const running = this.writers.map(writer =>
      writer.run(this.agent, this.server.webhook, () => stopped, mayFail)
    )
    const failed = new Promise((_, reject) => running.forEach(one => one.catch(reject)))
    try {
      await Promise.race([during(), failed])
    } finally {
      stopped = true
    }
    await Promise.all(running)
  }

  #moment() {
    // Squared: more of the kills come early, when all that is open is the first of each writer.
    return sleep(this.random() ** 2 * LOAD_MS)
  }

  async #killServer() {
    await this.#load(async () => {
      await this.#moment()
      this.server.kill('SIGKILL')
      await this.server.exited
    }, false)
    await this.#start(this.server.dir)
  }

  // The database server is killed under the running rapport, which must find it again by itself.
  async #killDatabase() {
    this.stats.databaseKills++
    await this.#load(async () => {
      await this.#moment()
      await postgres('kill')
      await postgres('restart')
      await this.#resumed()
      await this.#moment()
    }, true)
  }

  async #resumed() {
    const deadline = Date.now() + PATIENCE_MS
    for (;;) {
      const { status } = await post(this.agent, `${this.server.webhook}crm.activity.update`, {
        id: 1,
        fields: { LOCATION: `${Date.now()}` }
      })
      if (status === 200) return
      assert.ok(Date.now() < deadline, 'rapport does not find the database again')
      await sleep(10)
    }
  }

  async #start(dir) {
    const began = Date.now()
    this.agent?.destroy()
    this.agent = new http.Agent({ keepAlive: true, maxSockets: WRITERS })
    this.server = await Server.start({
      store: this.store,
      dir,
      args: ['--log', 'warn'],
      code: dir ? null : undefined
    })
    if (dir) this.stats.slowestStart = Math.max(this.stats.slowestStart, Date.now() - began)
  }

  async #one(kill) {
    if (this.store.url && kill % 10 === 0) await this.#killDatabase()
    else await this.#killServer()
    await this.#verify()
  }

  async all() {
    console.log(`crash: ${this.store.name}, ${this.kills} kills, seed ${this.seed}`)
    await this.#start()
    this.dir = this.server.dir
    const demo = await post(this.agent, `${this.server.webhook}crm.activity.list`, {
      order: { ID: 'DESC' },
      select: ['ID']
    })
    this.lastDemo = Number(demo.json.result[0].ID)
    for (let kill = 1; kill <= this.kills; kill++) {
      try {
        await this.#one(kill)
      } catch (error) {
        console.error(`crash: kill ${kill} of ${this.kills}, seed ${this.seed}, data kept in ${this.dir}`)
        if (this.server.log) console.error(this.server.log.split('\n').slice(-20).join('\n'))
        throw error
      }
      if (kill % 20 === 0 && kill < this.kills)
        console.log(`crash: ${kill} of ${this.kills}, ${this.summary()}`)
    }
    this.agent.destroy()
    await this.server.stop({ keep: true })
    console.log(
      `crash: ok: ${this.store.name}, ${this.kills} kills, ${this.summary()}, ${this.#leftover()} files left over, seed ${this.seed}`
    )
    rmSync(this.dir, { recursive: true, force: true })
  }

  summary() {
    const { acknowledged, batches, refused, files, databaseKills, slowestStart } = this.stats
    return (
      `${databaseKills ? `${databaseKills} of them the database's, ` : ''}${acknowledged} acknowledged changes (${batches} batches), none lost; ` +
      `${this.ledger.kept + this.ledger.dropped} open at a kill: ${this.ledger.kept} kept, ${this.ledger.dropped} not; ` +
      `${refused} refused; ${files} files read; slowest restart ${slowestStart} ms`
    )
  }

  // Contents on the disk that no activity has: what a kill between writing a file and its row leaves.
  #leftover() {
    const names = readdirSync(join(this.dir, 'files'), { recursive: true, withFileTypes: true })
    return names.filter(entry => entry.isFile()).length - this.checked.files
  }
}

await new Run(options()).all()
