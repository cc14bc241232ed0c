// One writer more: it makes and removes custom fields of deals, alone and in a batch that uses them at once, and
// fills them in. What was acknowledged must be there; what was open is there wholly or not at all.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { post } from './load.mjs'

const DEAL = 1
const MOST = 500 // fields ever made, of the 700 that a portal lets
const AT_A_TIME = 30

export class Fields {
  fields = new Map() // name to its id
  values = new Map() // name to what the deal has
  open = null
  stats = { made: 0, removed: 0, filled: 0 }
  #count = 0

  constructor(random) {
    this.random = random
  }

  #make() {
    return { name: `UF_CRM_CRASH_${++this.#count}`, show: this.random() < 0.5 ? 'I' : 'N' }
  }

  #fill() {
    const names = [...new Set(Array.from({ length: 5 }, () => this.random.pick([...this.fields.keys()])))]
    return Object.fromEntries(names.map(name => [name, `v${++this.#count}`]))
  }

  // { make, fill } or { fill } or { remove }.
  #change() {
    const dice = this.random()
    const room = this.#count < MOST * 20 && this.stats.made < MOST && this.fields.size < AT_A_TIME
    if (!this.fields.size || (room && dice < 0.3)) {
      const make = this.#make()
      return dice < 0.15 ? { make } : { make, fill: { [make.name]: `v${this.#count}` } }
    }
    if (this.fields.size > AT_A_TIME / 2 && dice < 0.4) return { remove: this.random.pick([...this.fields.keys()]) }
    return { fill: this.#fill() }
  }

  #command({ make, fill, remove }) {
    const add = make && { FIELD_NAME: make.name, USER_TYPE_ID: 'string', SHOW_FILTER: make.show }
    if (make && fill)
      return [
        'batch',
        { halt: 1, cmd: [['crm.deal.userfield.add', { fields: add }], ['crm.deal.update', { id: DEAL, fields: fill }]] }
      ]
    if (make) return ['crm.deal.userfield.add', { fields: add }]
    if (fill) return ['crm.deal.update', { id: DEAL, fields: fill }]
    return ['crm.deal.userfield.delete', { id: this.fields.get(remove) }]
  }

  #keep({ make, fill, remove }, id) {
    if (make) this.fields.set(make.name, id)
    if (make) this.stats.made++
    for (const [name, value] of Object.entries(fill ?? {})) this.values.set(name, value)
    if (fill) this.stats.filled++
    if (!remove) return
    this.fields.delete(remove)
    this.values.delete(remove)
    this.stats.removed++
  }

  // Until stopped() or the connection is gone.
  async run(agent, base, stopped, mayFail) {
    while (!stopped()) {
      const change = this.#change()
      const [method, params] = this.#command(change)
      this.open = change
      let answer
      try {
        answer = await post(agent, base + method, params)
      } catch {
        return
      }
      const { status, json } = answer
      const failed = status !== 200 || (method === 'batch' && json.result.result_error.length !== 0)
      if (failed && !(mayFail && (status >= 500 || status === 200)))
        throw Object.assign(new Error(`${method}: ${status} ${JSON.stringify(json)}`), { fatal: true })
      if (failed) return
      this.#keep(change, method === 'batch' ? json.result.result[0] : json.result)
      this.open = null
    }
  }

  async verify(agent, base) {
    const ask = async (method, params) => {
      const deadline = Date.now() + 5000
      for (;;) {
        const { status, json } = await post(agent, base + method, params)
        if (status === 200) return json.result
        // A reader that met the database while it was gone tries again after a pause.
        assert.ok(status === 500 && Date.now() < deadline, JSON.stringify(json))
        await sleep(50)
      }
    }
    const there = new Map(
      (await ask('crm.deal.userfield.list', { filter: {} }))
        .filter(field => field.FIELD_NAME.startsWith('UF_CRM_CRASH_'))
        .map(field => [field.FIELD_NAME, Number(field.ID)])
    )
    const deal = await ask('crm.deal.get', { id: DEAL })
    const open = this.open ?? {}
    if (open.make && there.has(open.make.name)) this.#keep({ make: open.make }, there.get(open.make.name))
    if (open.remove && !there.has(open.remove)) this.#keep(open)
    if (open.fill) {
      const names = Object.keys(open.fill)
      const kept = names.map(name => deal[name] === open.fill[name])
      assert.ok(kept.every(one => one === kept[0]), `half of a request was kept: ${JSON.stringify(open)}`)
      if (kept[0]) this.#keep({ fill: open.fill })
    }
    this.open = null
    assert.deepEqual([...there].sort(), [...this.fields].sort(), 'custom fields')
    for (const [name, value] of this.values) assert.equal(deal[name], value, `the value of ${name}`)
    for (const name of this.fields.keys()) assert.ok(name in deal, `${name} is no field of a deal`)
  }
}
