// Under a manager of services: readiness, reloading, stopping, signs of life, a socket that is handed over.
import { after, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { BIN, CODE, tempDir } from './lib/server.mjs'

const running = new Set()
after(() => running.forEach(one => one.kill('SIGKILL')))

function manage({ watchdog = 0, listens = false, args = [] } = {}) {
  const dir = tempDir()
  const child = spawn('python3', [fileURLToPath(new URL('lib/manager.py', import.meta.url)), `${watchdog}`, listens ? '1' : '0', BIN, 'serve', '--data', dir, '--log', 'error', ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  running.add(child)
  const seen = []
  let wake = () => {}
  createInterface({ input: child.stdout }).on('line', line => (seen.push(JSON.parse(line)), wake()))
  const until = async (done, from = 0) => {
    for (;;) {
      const found = seen.slice(from).find(done)
      if (found) return found
      await new Promise(resolve => (wake = resolve))
    }
  }
  const end = async () => {
    child.stdin.write('TERM\n')
    const { ended } = await until(one => 'ended' in one)
    running.delete(child)
    rmSync(dir, { recursive: true, force: true })
    return ended
  }
  return { seen, until, signal: name => child.stdin.write(`${name}\n`), end, told: () => seen.filter(one => 'told' in one).map(one => one.told) }
}

describe('a service', () => {
  test('says when it is ready, reloads and stops, and tells no secret to the journal', async () => {
    const service = manage({ args: ['--listen', '127.0.0.1:0', '--webhook-code', CODE] })
    await service.until(one => one.told === 'READY=1')
    const lines = service.seen.filter(one => 'line' in one).map(one => one.line)
    assert.deepEqual(lines.map(line => line.split(' ')[0]), ['ready'])
    assert.equal((await fetch(`${lines[0].split(' ')[1]}readyz`)).status, 200)
    const from = service.seen.length
    service.signal('HUP')
    await service.until(one => one.told === 'READY=1', from)
    assert.match(service.told().at(-2), /^RELOADING=1\nMONOTONIC_USEC=\d+$/)
    assert.equal(await service.end(), 0)
    assert.equal(service.told().at(-1), 'STOPPING=1')
  })

  test('gives signs of life as often as they are wanted', async () => {
    const service = manage({ watchdog: 0.2, args: ['--listen', '127.0.0.1:0'] })
    await service.until(one => one.told === 'READY=1')
    for (let beats = 0; beats < 3; beats++) await service.until(one => one.told === 'WATCHDOG=1', service.seen.length)
    assert.equal(await service.end(), 0)
  })

  test('takes the socket that was opened for it', async () => {
    const service = manage({ listens: true, args: ['--listen', '127.0.0.1:1', '--webhook-code', CODE] }) // no such door of its own
    const { door } = await service.until(one => 'door' in one)
    // Who comes before it is ready waits, and is served.
    const answer = await fetch(`http://127.0.0.1:${door}/rest/1/${CODE}/profile`)
    assert.equal((await answer.json()).result.ID, '1')
    const { line } = await service.until(one => one.line?.startsWith('ready '))
    assert.equal(line, `ready http://127.0.0.1:${door}/`)
    assert.equal(await service.end(), 0)
  })
})
