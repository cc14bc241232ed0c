// See ./run.
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { setTimeout as sleep } from 'node:timers/promises'
import { stores } from '../wire/lib/server.mjs'
import { Session, postgres } from './session.mjs'

const LOAD_MS = 400 // a kill comes within this time of load

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

class Run extends Session {
  constructor(options) {
    super(options)
    this.kills = options.kills
  }

  #moment() {
    // Squared: more of the kills come early, when all that is open is the first of each writer.
    return sleep(this.random() ** 2 * LOAD_MS)
  }

  async #killServer() {
    await this.load(async () => {
      await this.#moment()
      this.server.kill('SIGKILL')
      await this.server.exited
    }, false)
    await this.start(this.server.dir)
  }

  // The database server is killed under the running rapport, which must find it again by itself.
  async #killDatabase() {
    this.stats.databaseKills++
    await this.load(async () => {
      await this.#moment()
      await postgres('kill')
      await postgres('restart')
      await this.resumed()
      await this.#moment()
    }, true)
  }

  async #one(kill) {
    if (this.store.url && kill % 10 === 0) await this.#killDatabase()
    else await this.#killServer()
    await this.verify()
  }

  async all() {
    console.log(`crash: ${this.store.name}, ${this.kills} kills, seed ${this.seed}`)
    await this.begin()
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
      `${refused} refused; ${files} files read; ${this.fields.stats.made} custom fields made, ${this.fields.stats.removed} removed, ${this.fields.stats.filled} times filled in; slowest restart ${slowestStart} ms`
    )
  }

  // Contents on the disk that no activity has: what a kill between writing a file and its row leaves.
  #leftover() {
    const names = readdirSync(join(this.dir, 'files'), { recursive: true, withFileTypes: true })
    return names.filter(entry => entry.isFile()).length - this.checked.files
  }
}

await new Run(options()).all()
