// SIGHUP: another certificate in its place, or none; nothing else, and never the end.
import { describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import tls from 'node:tls'
import { CODE, Server, tempDir } from './lib/server.mjs'
import { makeCertificates } from './lib/tls.mjs'
import { Raw, request } from './lib/raw.mjs'

const TIME = request(`/rest/1/${CODE}/server.time`)

const presented = port =>
  new Promise((resolve, reject) => {
    const socket = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256)
      socket.destroy()
    })
    socket.on('error', reject)
  })

// The server says what it did with a signal in its log.
async function hangUp(server, said) {
  const before = server.log.split(said).length
  server.kill('SIGHUP')
  while (server.log.split(said).length === before) await new Promise(resolve => setImmediate(resolve))
}

describe('SIGHUP', () => {
  test('new connections get the new certificate, open ones go on', async () => {
    const [one, two] = [makeCertificates(tempDir()), makeCertificates(tempDir())]
    const dir = tempDir()
    const used = { cert: join(dir, 'cert.pem'), key: join(dir, 'key.pem') }
    const install = from => {
      copyFileSync(from.cert, used.cert)
      copyFileSync(from.key, used.key)
    }
    install(one)
    const server = await Server.start({ args: ['--tls-cert', used.cert, '--tls-key', used.key] })
    const open = await Raw.connect(server.port, { secure: true })
    await open.send(TIME)
    assert.equal((await open.answer()).status, 200)
    const first = await presented(server.port)
    await hangUp(server, 'SIGHUP: new connections')
    assert.equal(await presented(server.port), first)

    install(two)
    await hangUp(server, 'SIGHUP: new connections')
    const second = await presented(server.port)
    assert.notEqual(second, first)

    // Each of these is bad in its own way; the server says so and stays as it is.
    const bad = [
      () => copyFileSync(one.key, used.key),
      () => writeFileSync(used.key, 'nonsense'),
      () => writeFileSync(used.key, ''),
      () => (install(two), writeFileSync(used.cert, readFileSync(two.cert, 'utf8').slice(0, 300))),
      () => (install(two), writeFileSync(used.cert, Buffer.alloc(2_000_000, 'x')))
    ]
    for (const spoil of bad) {
      spoil()
      await hangUp(server, 'SIGHUP: the certificate stays as it was')
      assert.equal(await presented(server.port), second)
    }
    install(one)
    for (let n = 0; n < 30; n++) await hangUp(server, 'SIGHUP: new connections')
    assert.equal(await presented(server.port), first)
    await open.send(TIME)
    assert.equal((await open.answer()).status, 200)
    open.close()
    await server.stop()
  })

  test('without a certificate it changes nothing', async () => {
    const server = await Server.start()
    const raw = await Raw.connect(server.port)
    for (let n = 0; n < 3; n++) {
      await hangUp(server, 'SIGHUP: there is no certificate')
      await raw.send(TIME)
      assert.equal((await raw.answer()).status, 200)
    }
    raw.close()
    await server.stop()
  })

  test('it does not end a server that is starting or stopping', async () => {
    const server = await Server.start()
    server.kill('SIGHUP')
    server.kill('SIGTERM')
    server.kill('SIGHUP')
    assert.deepEqual(await server.exited, { code: 0, signal: null })
  })
})
