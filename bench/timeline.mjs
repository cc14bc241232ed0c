// How smoothly a card of very many entries scrolls: a server with demo data, a deal with `--entries` comments and calls more,
// Debian's Chromium, 1280 x 850. It scrolls down to the end in steps of a wheel, waiting for each frame, and tells the frames'
// lengths. The end is reached or it fails.
//
//   npm ci --prefix tests/browser
//   RAPPORT_BIN=$PWD/build/release/rapport node bench/timeline.mjs [--entries 10000] [--step 400]
import { parseArgs } from 'node:util'
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { open } from '../tests/browser/lib/page.mjs'

const { values } = parseArgs({ options: { entries: { type: 'string', default: '10000' }, step: { type: 'string', default: '400' } } })
const entries = Number(values.entries), step = Number(values.step)
const DEAL = 5

async function fill(server) {
  for (let done = 0; done < entries; done += 50) {
    const cmd = {}
    for (let i = done; i < Math.min(entries, done + 50); i++)
      cmd[`c${i}`] = i % 4
        ? `crm.timeline.comment.add?fields[ENTITY_ID]=${DEAL}&fields[ENTITY_TYPE]=deal&fields[COMMENT]=${encodeURIComponent(`Comment ${i}, with some words of what was agreed on and by whom.`)}`
        : `crm.activity.add?fields[OWNER_TYPE_ID]=2&fields[OWNER_ID]=${DEAL}&fields[TYPE_ID]=2&fields[SUBJECT]=Call%20${i}&fields[COMPLETED]=Y&fields[RESPONSIBLE_ID]=1&fields[COMMUNICATIONS][0][VALUE]=%2B74950000000`
    const answer = await server.result('batch', { halt: 1, cmd })
    assert.deepEqual(answer.result_error, [])
  }
}

// In the page: a step, a frame, the next step, until the bottom stays where it is and nothing more comes.
async function scroll({ step, wanted }) {
  const lengths = [], holder = document.scrollingElement
  const frame = () => new Promise(done => requestAnimationFrame(done))
  const began = performance.now()
  let last = await frame(), still = 0, count = 0
  while (still < 120 && performance.now() - began < 240_000) {
    const before = holder.scrollTop
    holder.scrollTop += step
    const now = await frame()
    lengths.push(now - last)
    last = now
    count = document.querySelectorAll('.timeline .entry').length
    still = holder.scrollTop === before ? still + 1 : 0
    if (count >= wanted && still > 3) break
  }
  return { lengths, count, seconds: (performance.now() - began) / 1000 }
}

test(`a card of ${entries} entries is scrolled to its end`, { timeout: 600_000 }, async () => {
  const { server, page, signIn, close } = await open({ args: [] })
  await fill(server)
  await signIn(`#/card/2/${DEAL}`)
  await page.locator('.timeline .entry').first().waitFor()
  const { lengths, count, seconds } = await page.evaluate(scroll, { step, wanted: entries })
  lengths.sort((a, b) => a - b)
  const at = share => lengths[Math.min(lengths.length - 1, Math.floor(share * lengths.length))].toFixed(1)
  console.log(JSON.stringify({ entries: count, step, frames: lengths.length, seconds: Number(seconds.toFixed(1)), p50: at(0.5), p95: at(0.95), p99: at(0.99), longest: at(1), over50ms: lengths.filter(one => one > 50).length }))
  assert.ok(count >= entries, `${count} of ${entries} came`)
  await close()
})
