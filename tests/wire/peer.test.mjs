// Connections: one address cannot take the places of all, and what drips does not stay.
import { describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import net from 'node:net'
import { CODE, Server, rapport } from './lib/server.mjs'
import { Raw, request } from './lib/raw.mjs'

const TIME = request(`/rest/1/${CODE}/server.time`)

// Sockets that only count: whether they are open, and when they were closed.
async function crowd(port, count, localAddress, text = '') {
  const sockets = []
  for (let n = 0; n < count; n++) {
    const socket = net.connect({ port, host: '127.0.0.1', localAddress })
    socket.on('error', () => {}).on('close', () => (socket.over = true)).on('end', () => (socket.over = true))
    if (text) socket.write(text)
    sockets.push(socket)
    if (n % 50 === 49) await new Promise(resolve => socket.once('connect', resolve).once('close', resolve))
  }
  return {
    open: () => sockets.filter(one => !one.over).length,
    leave: () => sockets.forEach(one => one.destroy())
  }
}

const asks = async (server, localAddress) => {
  const raw = await Raw.connect(server.port, { localAddress })
  await raw.send(TIME)
  const answer = await raw.answer()
  raw.close()
  return answer?.status
}

describe('places', () => {
  test('1,100 idle connections of one address shut nobody out', async () => {
    const server = await Server.start({ files: '1024:1024' })
    const places = 1024 - 150
    const kept = await Raw.connect(server.port, { localAddress: '127.0.0.3' })
    await kept.send(TIME)
    assert.equal((await kept.answer()).status, 200)
    const greedy = await crowd(server.port, 1100, '127.0.0.2')
    for (let n = 0; n < 50; n++) {
      const began = performance.now()
      assert.equal(await asks(server, '127.0.0.4'), 200)
      assert.ok(performance.now() - began < 2000)
    }
    assert.ok(greedy.open() <= places / 2 + 50, `${greedy.open()} stay open`)
    assert.ok(greedy.open() > places / 8)
    // Its idle connections make room for its own new ones.
    assert.equal(await asks(server, '127.0.0.2'), 200)
    // When many come, each with few, the greedy one's are ended, and not those of whoever has few.
    const others = []
    for (let n = 10; n < 20; n++) others.push(await crowd(server.port, 50, `127.0.0.${n}`))
    assert.equal(await asks(server, '127.0.0.5'), 200)
    assert.ok(others.every(one => one.open() >= 48), `${others.map(one => one.open())}`)
    await kept.send(TIME)
    assert.equal((await kept.answer()).status, 200)
    greedy.leave()
    for (const one of others) one.leave()
    kept.close()
    await server.stop()
  })

  test('a request under way is not ended for want of places', async () => {
    const server = await Server.start({ files: '200:200' })
    const done = rapport('fault', 'add', '--kind', 'delay', '--delay', '3s', '--method', 'profile', '--data', server.dir)
    assert.equal(done.code, 0, done.err)
    const busy = []
    for (let n = 0; n < 20; n++) {
      const raw = await Raw.connect(server.port, { localAddress: '127.0.0.2' })
      await raw.send(request(`/rest/1/${CODE}/profile`))
      busy.push(raw)
    }
    const hits = () => JSON.parse(rapport('fault', 'list', '--json', '--data', server.dir).out)[0].hits
    while (hits() < 20) await new Promise(resolve => setImmediate(resolve))
    const idle = await crowd(server.port, 200, '127.0.0.2')
    assert.equal(await asks(server, '127.0.0.3'), 200)
    for (const raw of busy) {
      assert.equal((await raw.answer())?.status, 200)
      raw.close()
    }
    idle.leave()
    await server.stop()
  })

  test('headers that never end, of many addresses, shut nobody out', async () => {
    const server = await Server.start({ files: '400:400' })
    const slow = []
    for (let n = 10; n < 22; n++) slow.push(await crowd(server.port, 25, `127.0.0.${n}`, 'GET / HTTP/1.1\r\nHo'))
    let answered = 0
    for (let tries = 0; answered < 20; tries++) {
      const status = await asks(server, '127.0.0.3').catch(() => null)
      if (status === 200) answered++
      assert.ok(tries < 200, 'nobody else gets in')
    }
    for (const one of slow) one.leave()
    await server.stop()
  })

  test('a trusted proxy has no share', async () => {
    for (const [args, most] of [
      [['--trusted-proxy', '127.0.0.2'], 250],
      [[], 150]
    ]) {
      const server = await Server.start({ files: '400:400', args })
      const proxy = await crowd(server.port, 210, '127.0.0.2')
      // It has been seen by the server when a later connection is answered.
      assert.equal(await asks(server, '127.0.0.3'), 200)
      if (args.length) assert.equal(proxy.open(), 210)
      else assert.ok(proxy.open() <= most, `${proxy.open()}`)
      proxy.leave()
      await server.stop()
    }
  })

  test('the soft limit of open files is raised to the hard one', async () => {
    const server = await Server.start({ files: '128:3000' })
    assert.match(readFileSync(`/proc/${server.pid}/limits`, 'utf8'), /Max open files +3000 +3000 /)
    await server.stop()
  })

  test('few open files are enough, too few are refused', async () => {
    for (const files of ['64:64', '80:80', '99:99', '100:100', '101:101', '150:150']) {
      const server = await Server.start({ files })
      const some = await crowd(server.port, 200, '127.0.0.2')
      for (let n = 0; n < 10; n++) assert.equal(await asks(server, '127.0.0.3'), 200, files)
      some.leave()
      assert.equal(await asks(server, '127.0.0.2'), 200, files)
      await server.stop()
    }
    await assert.rejects(Server.start({ files: '40:40' }), error => {
      assert.match(error.log, /at least 64 are needed/)
      return true
    })
  })
})

describe('time', () => {
  // These take as long as the deadlines are, all at once.
  test('headers, bodies and chunks that drip are ended', async () => {
    const server = await Server.start()
    const path = `/rest/1/${CODE}/server.time`
    const drips = {
      'the request line': '',
      headers: TIME.subarray(0, TIME.length - 2),
      'a body': request(path, { verb: 'POST', headers: { 'Content-Length': 100_000 }, length: false }),
      'a large body without a credential': request('/rest/server.time', {
        verb: 'POST',
        headers: { 'Content-Length': 50_000_000 },
        length: false
      }),
      'a chunk': request(path, { verb: 'POST', headers: { 'Transfer-Encoding': 'chunked' }, length: false }) + 'ffff\r\n'
    }
    await Promise.all(
      Object.entries(drips).map(
        ([name, head]) =>
          new Promise((resolve, reject) => {
            const began = performance.now()
            const socket = net.connect(server.port, '127.0.0.1')
            socket.write(head)
            const timer = setInterval(() => socket.write('x'), 500)
            const limit = setTimeout(() => reject(new Error(`${name} goes on dripping`)), 60_000)
            const over = () => {
              clearInterval(timer)
              clearTimeout(limit)
              socket.destroy()
              const took = performance.now() - began
              took > 25_000 ? resolve() : reject(new Error(`${name} was ended after ${took} ms`))
            }
            socket.on('error', over).on('end', over)
          })
      )
    )
    await server.stop()
  })

  test('a body at a fair rate is taken', async () => {
    const server = await Server.start()
    const body = JSON.stringify({ a: 'x'.repeat(2_000_000) })
    const raw = await Raw.connect(server.port)
    await raw.send(request(`/rest/1/${CODE}/server.time`, { verb: 'POST', headers: { 'Content-Type': 'application/json', 'Content-Length': body.length }, length: false }))
    for (let at = 0; at < body.length; at += 20_000) {
      await raw.send(body.slice(at, at + 20_000))
      await new Promise(resolve => setImmediate(resolve))
    }
    assert.equal((await raw.answer()).status, 200)
    raw.close()
    await server.stop()
  })
})
