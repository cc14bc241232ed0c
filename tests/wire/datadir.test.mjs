// The data directory: whose key it holds, which store belongs to it, who may read it, and what
// happens when pieces of it are missing, damaged or somebody else's.
import { after, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync
} from 'node:fs'
import { join } from 'node:path'
import { Server, activity, rapport, stores, tempDir } from './lib/server.mjs'

const temp = tempDir()
let count = 0
const folder = () => {
  const dir = join(temp, `d${++count}`)
  mkdirSync(dir, { mode: 0o700 })
  return dir
}

after(() => {
  Server.killAll()
  rmSync(temp, { recursive: true, force: true })
})

// A start that must fail: answers what it says. Nothing may listen, so no port is asked for.
function refused(dir, store, ...args) {
  const { code, out, err } = rapport(
    'serve',
    ...['--listen', '127.0.0.1:0', '--data', dir],
    ...(store ? ['--store', store] : []),
    ...args
  )
  assert.equal(code, 1, err)
  assert.equal(out, '')
  return err
}

function sql(dir, store, text) {
  const run = store.url
    ? spawnSync('psql', ['-qXAt', '-v', 'ON_ERROR_STOP=1', '-d', store.url, '-c', `SET search_path = portal_1; ${text}`], {
        encoding: 'utf8'
      })
    : spawnSync(
        'python3',
        [
          '-c',
          'import sqlite3,sys\nd=sqlite3.connect(sys.argv[1])\nfor r in d.execute(sys.argv[2]): print(*r)\nd.commit()',
          join(dir, 'portal.db'),
          text
        ],
        { encoding: 'utf8' }
      )
  assert.equal(run.status, 0, run.error ?? run.stderr)
  return run.stdout.trim()
}

async function portal(store) {
  const server = await Server.start({ store, demo: false })
  await server.stop({ keep: true })
  return server.dir
}

for (const store of stores) {
  describe(`the key of a portal, ${store.name}`, () => {
    test('missing, short, long or another one: refused, nothing is made, and put back it serves', async () => {
      const dir = await portal(store)
      const key = join(dir, 'secret.key')
      const good = readFileSync(key)
      for (const [bytes, text] of [
        [null, /secret\.key is missing.*put it back/],
        [good.subarray(0, 31), /must hold 32 bytes; put back the key/],
        [Buffer.alloc(0), /must hold 32 bytes; put back the key/],
        [Buffer.concat([good, Buffer.from('x')]), /must hold 32 bytes/],
        [Buffer.alloc(32, 7), /is not the key of the portal in .*; put back the key/]
      ]) {
        bytes ? writeFileSync(key, bytes) : unlinkSync(key)
        assert.match(refused(dir, store.url), text)
        for (const args of [['webhook', 'list'], ['user', 'list'], ['check']]) {
          const { code, out, err } = rapport(...args, '--data', dir)
          assert.deepEqual([code, out], [1, ''])
          assert.match(err, text)
        }
        assert.deepEqual(existsSync(key) ? readFileSync(key) : null, bytes)
        assert.ok(!existsSync(`${key}.new`))
      }
      writeFileSync(key, good)
      const server = await Server.start({ store, dir, args: [] })
      assert.equal((await server.result('profile')).ID, '1')
      await server.stop()
      rmSync(dir, { recursive: true })
    })

    test('a portal of the version before gets its fingerprint at the first start', async () => {
      const dir = await portal(store)
      const read = () => sql(dir, store, "SELECT value FROM setting WHERE name = 'key_fingerprint'")
      const made = read()
      assert.match(made, /^[0-9a-f]{64}$/)
      sql(dir, store, "DELETE FROM setting WHERE name = 'key_fingerprint'")
      assert.equal(rapport('webhook', 'list', '--data', dir).code, 0)
      const server = await Server.start({ store, dir })
      await server.stop()
      assert.equal(read(), made)
      // Also without its fingerprint nothing but its key is taken.
      sql(dir, store, "DELETE FROM setting WHERE name = 'key_fingerprint'")
      unlinkSync(join(dir, 'secret.key'))
      assert.match(refused(dir, store.url), /secret\.key is missing/)
      writeFileSync(join(dir, 'secret.key.new'), Buffer.alloc(32, 9))
      assert.match(refused(dir, store.url), /secret\.key is missing/)
      rmSync(dir, { recursive: true })
    })

    test('a first start that was killed is taken up again', async () => {
      const dir = await portal(store)
      renameSync(join(dir, 'secret.key'), join(dir, 'secret.key.new'))
      const server = await Server.start({ store, dir })
      assert.equal((await server.result('profile')).ID, '1')
      await server.stop()
      assert.ok(existsSync(join(dir, 'secret.key')) && !existsSync(join(dir, 'secret.key.new')))
      rmSync(dir, { recursive: true })
    })
  })
}

describe('a database that is gone or damaged beside its key', () => {
  test('empty, missing, malformed: refused with what to do', async () => {
    const dir = await portal(stores[0])
    const db = join(dir, 'portal.db')
    const key = readFileSync(join(dir, 'secret.key'))
    const whole = readFileSync(db)
    for (const [damage, text] of [
      [() => truncateSync(db, 0), /is missing or empty; put the store back/],
      [() => unlinkSync(db), /is missing or empty; put the store back/],
      [() => writeFileSync(db, 'x'.repeat(9000)), /not a database.*take this portal from a backup/],
      [() => writeFileSync(db, whole.subarray(0, 3000)), /portal\.db.*take this portal from a backup/]
    ]) {
      damage()
      const size = existsSync(db) ? statSync(db).size : null
      assert.match(refused(dir), text)
      assert.equal(existsSync(db) ? statSync(db).size : null, size, 'left as it was')
      assert.deepEqual(readFileSync(join(dir, 'secret.key')), key)
    }
    writeFileSync(db, whole)
    const server = await Server.start({ dir })
    assert.equal((await server.result('profile')).ID, '1')
    await server.stop()
    rmSync(dir, { recursive: true })
  })

  test('a new portal may be made in an empty file that was named by --store', async () => {
    const dir = folder()
    const file = join(dir, 'there.db')
    writeFileSync(file, '')
    const server = await Server.start({ dir: join(dir, 'data'), args: ['--store', file] })
    await server.stop()
    assert.equal(JSON.parse(rapport('store', '--data', join(dir, 'data'), '--json').out).store, file)
  })
})

describe('two servers on one PostgreSQL', { skip: stores.length < 2 }, () => {
  test('the second is refused unless it has the key of the first', async () => {
    const first = await Server.start({ store: stores[1], demo: false })
    const dir = folder()
    assert.match(refused(dir, stores[1].url), /secret\.key is missing/)
    assert.ok(!existsSync(join(dir, 'secret.key')) && !existsSync(join(dir, 'store')))
    writeFileSync(join(dir, 'secret.key'), Buffer.alloc(32, 3))
    assert.match(refused(dir, stores[1].url), /is not the key of the portal in the store postgresql:\/\//)
    copyFileSync(join(first.dir, 'secret.key'), join(dir, 'secret.key'))
    const second = await Server.start({ store: stores[1], dir })
    assert.equal((await second.result('profile')).ID, '1')
    second.kill('SIGKILL')
    await second.exited
    await first.stop()
  })
})

describe('--store and rapport store', () => {
  test('a store that cannot be reached, or is another portal’s, does not repoint the directory', async () => {
    const dir = await portal(stores[0])
    const other = await portal(stores[0])
    const shown = () => rapport('store', '--data', dir).out.trim()
    assert.equal(shown(), join(dir, 'portal.db'))
    for (const [wrong, text] of [
      ['postgresql://nobody:hidden-word@127.0.0.1:1/none', /cannot connect to PostgreSQL/],
      [join(dir, 'no/such/folder.db'), /is missing or empty/],
      [join(other, 'portal.db'), /is not the key of the portal/],
      ['mysql://x', /--store takes/]
    ]) {
      const err = refused(dir, wrong)
      assert.match(err, text)
      assert.ok(!err.includes('hidden-word'))
      assert.equal(shown(), join(dir, 'portal.db'))
      const set = rapport('store', 'set', wrong, '--data', dir)
      assert.deepEqual([set.code, set.out], [1, ''])
      assert.ok(!set.err.includes('hidden-word'))
      assert.equal(shown(), join(dir, 'portal.db'))
    }
    const server = await Server.start({ dir })
    assert.equal((await server.result('profile')).ID, '1')
    await server.stop()
    for (const one of [dir, other]) rmSync(one, { recursive: true })
  })

  test('rapport store set leads to the same portal elsewhere', async () => {
    const dir = await portal(stores[0])
    const moved = join(folder(), 'moved.db')
    renameSync(join(dir, 'portal.db'), moved)
    assert.equal(rapport('store', 'set', moved, '--data', dir).code, 0)
    assert.deepEqual(JSON.parse(rapport('store', '--data', dir, '--json').out), { kind: 'sqlite', store: moved })
    const server = await Server.start({ dir })
    assert.equal((await server.result('profile')).ID, '1')
    await server.stop()
    rmSync(dir, { recursive: true })
  })

  test('the password of a store is not shown', { skip: stores.length < 2 }, async () => {
    const dir = await portal(stores[1])
    const url = new URL(stores[1].url)
    const shown = rapport('store', '--data', dir).out
    assert.match(shown, /^postgresql:\/\//)
    if (url.password) assert.ok(!shown.includes(url.password))
    rmSync(dir, { recursive: true })
  })
})

describe('rapport check', () => {
  test('says for each finding what to do', async () => {
    const server = await Server.start()
    const content = Buffer.from('content').toString('base64')
    await server.result('crm.activity.add', activity({ FILES: [{ fileData: ['a.txt', content] }] }))
    await server.stop({ keep: true })
    const { dir } = server
    const check = () => JSON.parse(rapport('check', '--data', dir, '--json').out)
    assert.deepEqual([check().clean, check().problems], [true, []])
    const wrong = {
      "DELETE FROM activity_binding WHERE activity_id = 999": /^1 activities without a binding to their owner \(the first: id 999\); bind each/,
      "UPDATE activity_binding SET assigned_by_id = 77 WHERE activity_id = 1": /responsible person, or funnel \(the first: owner_id \d+\); hand each owner over/,
      "INSERT INTO activity_binding (activity_id, owner_type_id, owner_id) VALUES (5000, 77, 1)": /^1 bindings of no activity .*; .*DELETE FROM activity_binding/,
      "INSERT INTO activity_transcript VALUES (5000, 'x')": /transcripts of no activity .*; .*DELETE FROM activity_transcript/,
      "UPDATE activity SET completed = 'Y', status = 1 WHERE id = 2": /COMPLETED and STATUS disagree \(the first: id 2\); write COMPLETED/,
      "UPDATE activity_binding SET planned = 7 WHERE activity_id = 4": /whether their activity is completed \(the first: activity_id 4\); complete each/,
      "UPDATE activity SET start_time = 10, end_time = 9 WHERE id = 3": /end before they start \(the first: id 3\); write START_TIME/
    }
    for (const [change] of Object.entries(wrong)) sql(dir, stores[0], change)
    rmSync(join(dir, 'files'), { recursive: true })
    const found = check()
    assert.equal(found.clean, false)
    for (const [change, text] of Object.entries(wrong)) assert.ok(found.problems.some(line => text.test(line)), `${change}: ${found.problems}`)
    assert.ok(found.problems.some(line => /^the file \w{64} of activity \d+ is missing or damaged; put it back as \S+, from a backup/.test(line)))
    for (const line of found.problems) assert.match(line, /; /)
    rmSync(dir, { recursive: true })
  })
})

describe('who may read a data directory', () => {
  const mode = path => statSync(path).mode & 0o777

  test('a new one is its user’s alone, whatever the umask', async () => {
    const before = process.umask(0)
    const server = await Server.start()
    process.umask(before)
    await server.result(
      'crm.activity.add',
      activity({ FILES: [{ fileData: ['a.txt', Buffer.from('content').toString('base64')] }] })
    )
    for (const name of ['', 'portal.db', 'portal.db-wal', 'secret.key', 'lock', 'address', 'control.sock', 'files'])
      assert.equal(mode(join(server.dir, name)) & 0o077, 0, name)
    await server.stop()
  })

  test('an older one with 0755 and 0644 is tightened at the next start, to the last file', async () => {
    const first = await Server.start()
    const id = await first.result(
      'crm.activity.add',
      activity({ FILES: [{ fileData: ['a.txt', Buffer.from('content').toString('base64')] }] })
    )
    await first.stop({ keep: true })
    const { dir } = first
    const list = spawnSync('find', [dir, '-printf', '%y %p\n'], { encoding: 'utf8' }).stdout.trim().split('\n')
    for (const line of list) chmodSync(line.slice(2), line[0] === 'd' ? 0o755 : 0o644)
    const server = await Server.start({ dir })
    for (const line of list)
      if (existsSync(line.slice(2))) assert.equal(mode(line.slice(2)), line[0] === 'd' ? 0o700 : 0o600, line)
    assert.match(server.log, /could be read by others, in (1 place|\d+ places); it no longer can/)
    assert.equal((await server.result('crm.activity.get', { id })).ID, String(id))
    await server.stop()
    const again = await Server.start({ dir })
    assert.ok(!again.log.includes('could be read'))
    await again.stop()
    rmSync(dir, { recursive: true })
  })
})

describe('a data directory that is removed while its server runs', () => {
  test('answers errors to writes and reads, not success, and stops at SIGTERM', async () => {
    const server = await Server.start()
    const id = await server.result('crm.activity.add', activity())
    rmSync(server.dir, { recursive: true })
    for (const [method, params] of [
      ['crm.activity.add', activity()],
      ['crm.activity.update', { id, fields: { SUBJECT: 'lost' } }],
      ['crm.activity.delete', { id }]
    ]) {
      const { status, json } = await server.call(method, params)
      assert.deepEqual([status, json.error], [500, 'INTERNAL_SERVER_ERROR'], method)
    }
    // A reader looks fifty times a second: soon each of them has seen it.
    const refused = async () => (await server.call('crm.activity.get', { id })).status === 500
    const until = Date.now() + 10_000
    let row = 0
    while (row < 20 && Date.now() < until) row = (await refused()) ? row + 1 : 0
    assert.equal(row, 20)
    assert.match(server.log, /removed or replaced/)
    await server.stop()
  })
})
