// Starts and stops the server under test: the binary of RAPPORT_BIN on a free port, with a data
// directory of its own. Nothing here sleeps: a start is over at the line `ready`, a stop at the exit.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { createInterface } from 'node:readline'
import assert from 'node:assert/strict'

export const BIN = process.env.RAPPORT_BIN
export const CODE = 'wiretestcode1234'
const POSTGRES = process.env.RAPPORT_TEST_POSTGRES

if (!BIN) throw new Error('RAPPORT_BIN must name the rapport binary to test')

// The stores to run a suite on. PostgreSQL has one database for all, so the files of this folder
// run one after the other (see package.json) and each start of a new portal empties it.
export const stores = [{ name: 'sqlite', url: null }]
if (POSTGRES) stores.push({ name: 'postgresql', url: POSTGRES })

export function tempDir() {
  return mkdtempSync(join(tmpdir(), 'rapport-wire-'))
}

export function dropSchemas(url) {
  const sql = 'DROP SCHEMA IF EXISTS portal_1 CASCADE; DROP SCHEMA IF EXISTS rapport CASCADE'
  const psql = spawnSync('psql', ['-qX', '-v', 'ON_ERROR_STOP=1', '-d', url, '-c', sql], {
    encoding: 'utf8',
    env: { ...process.env, PGOPTIONS: '-c client_min_messages=warning' }
  })
  assert.equal(psql.status, 0, `psql: ${psql.error ?? psql.stderr}`)
}

// Runs a command of the program to its end.
export function rapport(...args) {
  const run = spawnSync(BIN, args, { encoding: 'utf8', timeout: 60_000 })
  if (run.error) throw run.error
  return { code: run.status, out: run.stdout, err: run.stderr }
}

export class Server {
  #child
  #exit
  #log = []
  static #running = new Set()
  lines = []

  // Options: store (of `stores`), dir (kept, for a second start on the same data), args, demo, env,
  // code (null: the server makes its own), files (limits of open files, soft:hard).
  static async start({ store = stores[0], dir, args = [], demo = true, env = {}, code = CODE, files } = {}) {
    const server = new Server()
    server.ownsDir = !dir
    server.dir = dir ?? tempDir()
    server.store = store
    if (server.ownsDir && store.url) dropSchemas(store.url)
    const all = ['serve', '--listen', '127.0.0.1:0', '--data', server.dir, ...args]
    if (store.url) all.push('--store', store.url)
    if (demo && server.ownsDir) all.push('--demo')
    if (code) all.push('--webhook-code', code)
    await server.#run(all, env, files)
    return server
  }

  async #run(args, env, files) {
    const command = files ? ['prlimit', `--nofile=${files}`, BIN, ...args] : [BIN, ...args]
    this.#child = spawn(command[0], command.slice(1), {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env }
    })
    this.#exit = new Promise((resolve, reject) => {
      this.#child.on('error', reject)
      // `close`, not `exit`: the last lines of the log are read by then.
      this.#child.on('close', (code, signal) => {
        Server.#running.delete(this)
        resolve({ code, signal })
      })
    })
    Server.#running.add(this)
    createInterface({ input: this.#child.stderr }).on('line', line => this.#log.push(line))
    const ready = new Promise(resolve => {
      createInterface({ input: this.#child.stdout }).on('line', line => {
        this.lines.push(line)
        if (line.startsWith('ready ')) resolve(true)
      })
    })
    if (await Promise.race([ready, this.#exit.then(() => false)])) {
      this.url = this.lines.at(-1).slice('ready '.length)
      this.port = Number(new URL(this.url).port)
      this.webhook = `${this.url}rest/1/${CODE}/`
      return
    }
    const { code } = await this.#exit
    throw Object.assign(new Error(`the server ended with ${code}: ${this.log}`), { code, log: this.log })
  }

  get log() {
    return this.#log.join('\n')
  }

  get pid() {
    return this.#child.pid
  }

  get exited() {
    return this.#exit
  }

  // One call with a JSON body, or of a ready query; answers { status, headers, json }.
  async call(method, params, { base = this.webhook } = {}) {
    const answer = await fetch(
      base + method,
      params === undefined
        ? {}
        : {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify(params)
          }
    )
    return { status: answer.status, headers: answer.headers, json: await answer.json() }
  }

  // The result of a call that must succeed.
  async result(method, params, options) {
    const { status, json } = await this.call(method, params, options)
    assert.equal(status, 200, `${method}: ${JSON.stringify(json)}`)
    return json.result
  }

  kill(signal) {
    this.#child.kill(signal)
  }

  // For the end of a file (see below), and for hooks that first need them gone.
  static killAll() {
    for (const server of Server.#running) server.kill('SIGKILL')
  }

  // SIGTERM must end the server by itself, with 0.
  async stop({ keep = false } = {}) {
    this.kill('SIGTERM')
    const { code, signal } = await this.#exit
    if (this.ownsDir && !keep) rmSync(this.dir, { recursive: true, force: true })
    assert.deepEqual({ code, signal }, { code: 0, signal: null }, this.log)
  }
}

// What a failed test left running would keep the test runner waiting without end. Other programs that
// start servers are no tests, and a hook would make them ones.
if (process.argv[1]?.endsWith('.test.mjs')) after(() => Server.killAll())

// What crm.activity.add takes for a plain call to contact 3.
export function activity(fields = {}) {
  return {
    fields: {
      OWNER_TYPE_ID: 3,
      OWNER_ID: 3,
      TYPE_ID: 2,
      RESPONSIBLE_ID: 1,
      SUBJECT: 'Wire',
      COMMUNICATIONS: [{ VALUE: '+4930123456', ENTITY_ID: 3, ENTITY_TYPE_ID: 3 }],
      ...fields
    }
  }
}
