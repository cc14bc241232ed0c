// A first start that is killed at any moment leaves a portal that the next start completes: the same
// rows with the same ids as if nothing had happened.
import { describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { BIN, CODE, Server, dropSchemas, rapport, stores, tempDir } from './lib/server.mjs'

const KILLS = 6
const METHODS = ['crm.lead.list', 'crm.deal.list', 'crm.contact.list', 'crm.company.list', 'crm.activity.list', 'crm.status.list', 'user.get']

// What the portal holds, as ids and names; times differ from start to start.
async function contents(server) {
  const found = {}
  for (const method of METHODS) {
    const { status, json } = await server.call(method, { order: { ID: 'ASC' } })
    assert.equal(status, 200, JSON.stringify(json))
    found[method] = [json.total, json.result.map(row => [row.ID, row.TITLE ?? row.NAME ?? row.SUBJECT])]
  }
  return found
}

const argsOf = (store, dir) => {
  const args = ['serve', '--listen', '127.0.0.1:0', '--data', dir, '--demo', '--webhook-code', CODE, '--log', 'error']
  return store.url ? [...args, '--store', store.url] : args
}

// Starts and kills the process group's one process after `ms`; whether it had got so far as to be ready.
async function killedAfter(store, dir, ms) {
  const child = spawn(BIN, argsOf(store, dir), { stdio: ['ignore', 'pipe', 'inherit'] })
  let out = ''
  child.stdout.on('data', data => (out += data))
  const exited = new Promise(resolve => child.on('close', resolve))
  await Promise.race([sleep(ms), exited])
  child.kill('SIGKILL')
  await exited
  return out.includes('ready ')
}

for (const store of stores) {
  describe(`a first start on ${store.name}`, () => {
    test('completes what a killed one began', async () => {
      const begun = Date.now()
      const whole = await Server.start({ store })
      const took = Date.now() - begun
      const expected = await contents(whole)
      await whole.stop()
      for (let kill = 0; kill < KILLS; kill++) {
        const dir = tempDir()
        if (store.url) dropSchemas(store.url)
        // Twice: the second start is killed in what the first one left.
        for (const part of [kill, (kill * 5 + 2) % KILLS])
          await killedAfter(store, dir, (took * 1.1 * (part + 1)) / KILLS)
        const server = await Server.start({ store, dir, args: ['--demo', '--log', 'error'] })
        assert.deepEqual(await contents(server), expected, `killed at part ${kill} of ${KILLS}`)
        await server.stop({ keep: true })
        const check = rapport('check', '--data', dir)
        assert.equal(check.code, 0, check.out + check.err)
        rmSync(dir, { recursive: true, force: true })
      }
    })
  })
}
