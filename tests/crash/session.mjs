// A portal under load: a server, its writers, and the ledger that says what must be in it.
import { spawn } from 'node:child_process'
import http from 'node:http'
import { fileURLToPath } from 'node:url'
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { Server, rapport } from '../wire/lib/server.mjs'
import { Fields } from './fields.mjs'
import { Ledger, fileBytes } from './ledger.mjs'
import { Writer, post } from './load.mjs'
import { randomFrom } from './random.mjs'

export const WRITERS = 32
const SAMPLE = 20 // old files read again after each kill
const PATIENCE_MS = 30_000

export function postgres(action) {
  const script = fileURLToPath(new URL('../postgres.sh', import.meta.url))
  return new Promise((resolve, reject) => {
    spawn('bash', [script, action, process.env.RAPPORT_TEST_POSTGRES_DIR], {
      stdio: ['ignore', 'ignore', 'inherit']
    })
      .on('error', reject)
      .on('close', code => (code === 0 ? resolve() : reject(new Error(`postgres.sh ${action}: ${code}`))))
  })
}

export class Session {
  ledger = new Ledger()
  stats = { acknowledged: 0, batches: 0, refused: 0, files: 0, databaseKills: 0, slowestStart: 0 }

  constructor({ seed, store, args = [], env = {} }) {
    Object.assign(this, { seed, store, args, env, random: randomFrom(seed) })
    this.writers = Array.from(
      { length: WRITERS },
      (_, i) => new Writer(`w${i}`, this.ledger, this.random, this.stats)
    )
    this.fields = new Fields(this.random)
  }

  // Starts a new portal, and finds out what the demo brought.
  async begin(dir) {
    await this.start(dir, true)
    this.dir = this.server.dir
    const demo = await post(this.agent, `${this.server.webhook}crm.activity.list`, {
      order: { ID: 'DESC' },
      select: ['ID']
    })
    this.lastDemo = Number(demo.json.result[0].ID)
  }

  // All of the portal's activities but those of the demo data, which were there before.
  async read() {
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

  async checkFiles(found) {
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

  async verify() {
    const found = await this.read()
    this.ledger.settle(found)
    this.ledger.compare(found)
    await this.checkFiles(found)
    await this.fields.verify(this.agent, this.server.webhook)
    const check = rapport('check', '--data', this.server.dir, '--json')
    assert.equal(check.code, 0, check.out + check.err)
    this.checked = JSON.parse(check.out)
    for (const writer of this.writers) writer.pool = []
    // The activities are dealt anew, so that open ones that were kept are in play again.
    let turn = 0
    for (const id of this.ledger.rows.keys()) this.writers[turn++ % WRITERS].pool.push(id)
  }

  // Load from all writers; `during` ends it by what it does. Rejects when a writer met a wrong answer.
  async load(during, mayFail) {
    let stopped = false
    const running = [...this.writers, this.fields].map(writer =>
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

  async resumed() {
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

  async start(dir, isNew = !dir) {
    const began = Date.now()
    this.agent?.destroy()
    this.agent = new http.Agent({ keepAlive: true, maxSockets: WRITERS + 1 })
    this.server = await Server.start({
      store: this.store,
      dir,
      args: ['--log', 'warn', ...(dir && isNew ? ['--demo'] : []), ...this.args],
      env: this.env,
      code: isNew ? undefined : null
    })
    if (!isNew) this.stats.slowestStart = Math.max(this.stats.slowestStart, Date.now() - began)
  }
}
