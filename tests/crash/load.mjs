// Writers: each has a connection and activities of its own, sends one request after the other, and
// enters into the ledger what the answer said.
import http from 'node:http'
import { fileBytes } from './ledger.mjs'

const UNKNOWN = 'it is not known whether the change was kept'
const OWNER = {
  OWNER_TYPE_ID: 3,
  OWNER_ID: 3,
  TYPE_ID: 2,
  RESPONSIBLE_ID: 1,
  COMMUNICATIONS: [{ VALUE: '+4930123456', ENTITY_ID: 3, ENTITY_TYPE_ID: 3 }]
}
const POOL = 40 // activities that a writer keeps, about

export function post(agent, url, params) {
  return new Promise((resolve, reject) => {
    const body = JSON.stringify(params)
    const request = http.request(
      url,
      {
        agent,
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }
      },
      answer => {
        const parts = []
        answer.on('data', part => parts.push(part))
        answer.on('error', reject).on('aborted', () => reject(new Error('aborted')))
        answer.on('end', () => {
          if (answer.complete) resolve({ status: answer.statusCode, json: JSON.parse(Buffer.concat(parts)) })
          else reject(new Error('cut off'))
        })
      }
    )
    request.on('error', reject)
    request.end(body)
  })
}

const files = names => names.map(name => ({ fileData: [`${name}.bin`, fileBytes(name).toString('base64')] }))

// One effect as a call of REST.
function callOf(effect) {
  if (effect.add) {
    const { subject, description, files: names } = effect.add
    return [
      'crm.activity.add',
      {
        fields: {
          ...OWNER,
          SUBJECT: subject,
          DESCRIPTION: description,
          ...(names.length ? { FILES: files(names) } : {})
        }
      }
    ]
  }
  if (effect.remove) return ['crm.activity.delete', { id: effect.remove }]
  const fields = {}
  if ('description' in effect.patch) fields.DESCRIPTION = effect.patch.description
  if ('files' in effect.patch) fields.FILES = files(effect.patch.files)
  return ['crm.activity.update', { id: effect.set, fields }]
}

export class Writer {
  pool = []
  #count = 0

  constructor(name, ledger, random, stats) {
    this.name = name
    this.ledger = ledger
    this.random = random
    this.stats = stats
  }

  #token() {
    return `${this.name}-${++this.#count}`
  }

  #fileNames() {
    // Some contents are shared, so that one file belongs to many activities.
    return [this.random() < 0.3 ? `shared-${this.random.below(8)}` : `file-${this.#token()}`]
  }

  #add() {
    const token = this.#token()
    return {
      add: {
        subject: `add ${token}`,
        description: `first ${token}`,
        files: this.random() < 0.15 ? this.#fileNames() : []
      }
    }
  }

  #set(id) {
    const description = `set ${this.#token()}`
    return {
      set: id,
      patch: this.random() < 0.05 ? { description, files: this.#fileNames() } : { description }
    }
  }

  #change() {
    const dice = this.random()
    if (this.pool.length < 5 || dice < 0.15) return [this.#add()]
    if (dice < 0.25 || this.pool.length > POOL) return [{ remove: this.random.pick(this.pool) }]
    if (dice < 0.4) {
      const ids = [...new Set(Array.from({ length: 4 }, () => this.random.pick(this.pool)))]
      return [...ids.map(id => this.#set(id)), this.#add()]
    }
    return [this.#set(this.random.pick(this.pool))]
  }

  // Sends a change; the answer's ids for what was added, or null when it was refused.
  async #send(agent, base, change) {
    if (change.length === 1) {
      const [method, params] = callOf(change[0])
      const { status, json } = await post(agent, base + method, params)
      if (status === 200) return change[0].add ? [json.result] : []
      return this.#refused(status, json)
    }
    const { status, json } = await post(agent, `${base}batch`, { halt: 1, cmd: change.map(callOf) })
    if (status !== 200) return this.#refused(status, json)
    if (!Array.isArray(json.result.result_error) || json.result.result_error.length)
      throw Object.assign(new Error(`a command failed: ${JSON.stringify(json.result.result_error)}`), {
        fatal: true
      })
    return change.flatMap((effect, i) => (effect.add ? [json.result.result[i]] : []))
  }

  #refused(status, json) {
    this.stats.refused++
    if (status < 500 || !this.mayFail)
      throw Object.assign(new Error(`${status} ${JSON.stringify(json)}`), { fatal: true })
    if (json.error_description.includes(UNKNOWN)) throw new Error(UNKNOWN)
    return null
  }

  // Until stopped() or the connection is gone. `mayFail`: errors of the server are expected.
  async run(agent, base, stopped, mayFail) {
    this.mayFail = mayFail
    while (!stopped()) {
      const change = this.#change()
      try {
        const ids = await this.#send(agent, base, change)
        if (!ids) continue
        this.stats.acknowledged++
        if (change.length > 1) this.stats.batches++
        this.ledger.acknowledge(change, [...ids])
        this.#keep(change, ids)
      } catch (error) {
        if (error.fatal) throw error
        this.ledger.leaveOpen(change)
        // Nothing more is done to what is open, or two unknown changes would lie on each other.
        const open = new Set(change.map(effect => effect.set ?? effect.remove))
        this.pool = this.pool.filter(id => !open.has(id))
        if (error.message !== UNKNOWN) return
      }
    }
  }

  #keep(change, ids) {
    const removed = change.map(effect => effect.remove)
    this.pool = this.pool.filter(id => !removed.includes(id)).concat(ids)
  }
}
