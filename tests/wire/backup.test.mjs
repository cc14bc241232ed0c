// rapport backup and restore: all rows, all files and all answers of a portal come back, out of either
// store and into either; what is damaged, or would write over a portal, is refused.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { once } from 'node:events'
import { BIN, CODE, Server, activity, dropSchemas, rapport, stores, tempDir } from './lib/server.mjs'

const temp = tempDir()
const here = name => join(temp, name)
after(() => {
  Server.killAll()
  rmSync(temp, { recursive: true, force: true })
})

function run(command, args, options = {}) {
  const done = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options })
  assert.equal(done.status, 0, done.error ?? done.stderr)
  return done.stdout
}

const good = (...args) => {
  const done = rapport(...args)
  assert.equal(done.code, 0, done.err)
  return done
}
const bad = (...args) => {
  const done = rapport(...args)
  assert.deepEqual([done.code, done.out], [1, ''], done.err)
  return done.err
}

const python = `
import json, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.row_factory = sqlite3.Row
names = [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
names = [n for n in names if '_search' not in n and not n.startswith('sqlite_')]
print(json.dumps({n: [dict(r) for r in db.execute('SELECT * FROM ' + n)] for n in names}))
`

// All rows of all tables, read with another program than the one under test.
function rows(dir, store) {
  let tables
  if (!store.url) {
    tables = JSON.parse(run('python3', ['-c', python, join(dir, 'portal.db')]))
  } else {
    const sql = text => run('psql', ['-qXAt', '-v', 'ON_ERROR_STOP=1', '-d', store.url, '-c', text]).trim()
    const names = sql("SELECT tablename FROM pg_tables WHERE schemaname = 'portal_1' ORDER BY 1").split('\n')
    // A line of JSON a table.
    const all = names.map(name => `SELECT coalesce(json_agg(t), '[]')::jsonb FROM portal_1.${name} t`).join('; ')
    tables = Object.fromEntries(sql(all).split('\n').map((line, i) => [names[i], JSON.parse(line)]))
  }
  for (const list of Object.values(tables)) {
    for (const [i, row] of list.entries()) list[i] = JSON.stringify(Object.entries(row).sort())
    list.sort()
  }
  return tables
}

function files(dir) {
  const folder = join(dir, 'files')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .flatMap(part => readdirSync(join(folder, part)).map(name => [name, readFileSync(join(folder, part, name), 'latin1')]))
    .sort()
}

// What a client sees of all of it.
async function answers(server) {
  const seen = {}
  for (const method of ['lead', 'deal', 'contact', 'company', 'activity'].map(name => `crm.${name}.list`)) {
    seen[method] = []
    for (let start = 0; start !== undefined; ) {
      const { json } = await server.call(method, { start, order: { ID: 'ASC' }, select: ['*', 'PHONE', 'EMAIL', 'BINDINGS', 'COMMUNICATIONS'] })
      seen[method].push(...json.result)
      assert.ok(json.total >= json.result.length)
      start = json.next
    }
  }
  seen.search = await server.result('crm.activity.list', { filter: { '%SUBJECT': 'zü' }, select: ['ID'] })
  for (const method of ['crm.status.list', 'user.get', 'profile', 'scope'])
    seen[method] = await server.result(method, {})
  return seen
}

const odd = 'Tab\there\nline\\N \\. "quotes" \'single\' – Zürich 😀 \r\n end \b\f\v\x01\x7f\\'

async function fill(server) {
  const file = text => ({ fileData: [`${text}.txt`, Buffer.from(text).toString('base64')] })
  const id = await server.result('crm.activity.add', activity({ SUBJECT: odd, DESCRIPTION: odd, FILES: [file('one'), file('two')] }))
  await server.result('crm.activity.add', activity({ SUBJECT: 'Same content', FILES: [file('one'), file('x'.repeat(3e6))] }))
  await server.result('crm.lead.add', { fields: { TITLE: odd, OPPORTUNITY: 1234567.89, CURRENCY_ID: 'EUR' } })
  await server.result('crm.deal.add', { fields: { TITLE: 'cents', OPPORTUNITY: 0.07 } })
  await server.result('crm.company.add', { fields: { TITLE: '\\N', COMMENTS: '' } })
  const last = await server.result('crm.activity.add', activity())
  await server.result('crm.activity.delete', { id: last }) // the next id is above it all the same
  good('app', 'add', '--data', server.dir, '--name', 'App', '--redirect-uri', 'http://127.0.0.1:1/back')
  return id
}

// Adds, changes and deletes until it is told to stop.
async function disturb(server, done) {
  const mine = []
  for (let i = 0; !done.now && i !== done.most; i++) {
    const content = Buffer.from(`content ${i}`).toString('base64')
    mine.push(await server.result('crm.activity.add', activity({ SUBJECT: `Moving ${i}`, FILES: [{ fileData: ['m.txt', content] }] })))
    if (i % 2) await server.result('crm.activity.delete', { id: mine.shift() })
    done.kept = (done.kept ?? 0) + (i % 2 ? 0 : 1)
  }
  return mine.length
}

for (const from of stores) {
  for (const to of stores) {
    test(`${from.name} to ${to.name}: rows, files and answers are the same, and ids go on`, async () => {
      const work = here(`${from.name}-${to.name}`)
      mkdirSync(work)
      const tar = join(work, 'portal.tar')
      const server = await Server.start({ store: from })
      await fill(server)
      const said = JSON.parse(good('backup', tar, '--data', server.dir, '--json').out)
      assert.equal(statSync(tar).mode & 0o777, 0o600)
      const expected = { rows: rows(server.dir, from), files: files(server.dir), answers: await answers(server) }
      assert.equal(said.rows, Object.values(expected.rows).flat().length)
      assert.equal(said.files, 3)
      const next = await server.result('crm.activity.add', activity())
      await server.stop({ keep: true })

      if (to.url) dropSchemas(to.url)
      const dir = join(work, 'restored')
      const args = ['restore', tar, '--data', dir, ...(to.url ? ['--store', to.url] : [])]
      assert.deepEqual(JSON.parse(good(...args, '--json').out).rows, said.rows)
      assert.deepEqual(rows(dir, to), expected.rows)
      assert.deepEqual(files(dir), expected.files)
      assert.equal(readFileSync(join(dir, 'secret.key'), 'hex'), readFileSync(join(server.dir, 'secret.key'), 'hex'))
      assert.equal(run('find', [dir, '-perm', '/077']), '')
      const check = JSON.parse(good('check', '--data', dir, '--json').out)
      assert.deepEqual([check.clean, check.files], [true, 3])

      // Never over what is there, in either place.
      assert.match(bad(...args), /is not an empty directory; a restore makes a new portal/)
      if (to.url) assert.match(bad('restore', tar, '--data', join(work, 'other'), '--store', to.url), /holds a portal already/)
      assert.ok(!existsSync(join(work, 'other')))

      // The backup of the backup is the same to the byte.
      good('backup', join(work, 'again.tar'), '--data', dir)
      for (const name of ['portal', 'again']) {
        mkdirSync(join(work, name))
        run('tar', ['xf', join(work, `${name}.tar`), '-C', join(work, name)])
      }
      run('diff', ['-r', join(work, 'portal/tables'), join(work, 'again/tables')])
      run('diff', ['-r', join(work, 'portal/files'), join(work, 'again/files')])
      run('diff', [join(work, 'portal/manifest.json'), join(work, 'again/manifest.json')])

      const restored = await Server.start({ store: to, dir, code: null })
      assert.deepEqual(restored.lines.filter(line => line.startsWith('webhook')), [], 'the webhooks are the old ones')
      assert.deepEqual(await answers(restored), expected.answers)
      assert.equal(await restored.result('crm.activity.add', activity()), next)
      await restored.stop()
      for (const one of [work, server.dir]) rmSync(one, { recursive: true })
    })
  }

  test(`${from.name}: of one moment, while clients write`, async () => {
    const server = await Server.start({ store: from })
    const done = { now: false }
    for (let i = 0; i < 3; i++) await disturb(server, { now: false, most: 2 })
    const clients = [1, 2, 3].map(() => disturb(server, done))
    const tars = []
    for (let i = 0; i < 5; i++) {
      tars.push(here(`moment-${i}.tar`))
      const child = spawn(BIN, ['backup', tars[i], '--data', server.dir], { stdio: 'ignore' })
      assert.equal((await once(child, 'close'))[0], 0)
      // More is there than what three clients are just about to delete.
      for (const enough = (done.kept ?? 0) + 8; done.kept < enough || done.kept === undefined; ) await new Promise(setImmediate)
    }
    done.now = true
    assert.ok((await Promise.all(clients)).every(count => count > 0))
    await server.stop()
    let before = 0
    for (const [i, tar] of tars.entries()) {
      const dir = here(`moment-${from.name}-${i}`)
      const { rows: total } = JSON.parse(good('restore', tar, '--data', dir, '--json').out)
      assert.ok(total > before, 'a later one has more')
      before = total
      const check = JSON.parse(good('check', '--data', dir, '--json').out)
      assert.ok(check.clean && check.files > 0)
      const tables = rows(dir, stores[0])
      // Each activity was written together with its file and its binding.
      assert.equal(tables.activity_file.length, tables.activity.filter(row => row.includes('Moving')).length)
      rmSync(dir, { recursive: true })
    }
  })
}

describe('a backup', () => {
  let server, tar, expected

  before(async () => {
    server = await Server.start()
    await fill(server)
    tar = here('whole.tar')
    good('backup', tar, '--data', server.dir)
    expected = rows(server.dir, stores[0])
  })
  after(() => server.stop())

  test('cut off anywhere is refused, and nothing is made of it', () => {
    const whole = readFileSync(tar)
    const end = whole.lastIndexOf('manifest.json') // its header; what is behind its content is padding
    for (let i = 0; i < 40; i++) {
      writeFileSync(here('cut.tar'), whole.subarray(0, Math.floor((end * i) / 39)))
      const err = bad('restore', here('cut.tar'), '--data', here('cut'))
      assert.match(err, /^rapport: (this is no whole backup|the backup is damaged|cannot read)/)
      assert.ok(!existsSync(here('cut')))
    }
  })

  test('with a byte changed is refused, or the byte did not matter', () => {
    const whole = readFileSync(tar)
    let refused = 0
    for (let i = 0; i < 40; i++) {
      const changed = Buffer.from(whole)
      changed[Math.floor(((whole.length - 1) * i) / 39)] ^= 0x20
      writeFileSync(here('changed.tar'), changed)
      const { code } = rapport('restore', here('changed.tar'), '--data', here('changed'))
      refused += code === 1
      if (code === 0) assert.deepEqual(rows(here('changed'), stores[0]), expected)
      else assert.ok(!existsSync(here('changed')))
      rmSync(here('changed'), { recursive: true, force: true })
    }
    assert.ok(refused > 25, `${refused} of 40`)
  })

  test('that leads out of the directory, or is something else, is refused', () => {
    for (const name of ['../evil', '/tmp/evil', 'files/../../evil', 'evil']) {
      mkdirSync(here('evil'), { recursive: true })
      run('tar', ['xf', tar, '-C', here('evil')])
      writeFileSync(here('evil/x'), 'x')
      run('tar', ['cf', here('evil.tar'), '-P', '-C', here('evil'), `--transform=s|^x$|${name}|`, 'rapport.json', 'x'])
      assert.match(bad('restore', here('evil.tar'), '--data', here('out')), /it holds what is not of a backup/)
    }
    assert.match(bad('restore', BIN, '--data', here('out')), /cannot read .*: Unrecognized archive format/)
    assert.match(bad('restore', here('not-there'), '--data', here('out')), /cannot read .*: No such file or directory/)
    assert.ok(!existsSync(here('out')))
  })

  test('of a newer version is refused', () => {
    run('tar', ['xf', tar, '-C', here('evil')])
    const head = JSON.parse(readFileSync(here('evil/rapport.json'), 'utf8'))
    head.schema.push('999_later')
    writeFileSync(here('evil/rapport.json'), JSON.stringify(head))
    run('tar', ['cf', here('newer.tar'), '-C', here('evil'), 'rapport.json'])
    assert.match(bad('restore', here('newer.tar'), '--data', here('out')), /newer Rapport \(it has the step 999_later\)/)
  })

  test('to standard output, packed by another program, is one as well', () => {
    run('sh', ['-c', `"$1" backup - --data "$2" | gzip >"$3"`, 'sh', BIN, server.dir, here('packed.tar.gz')])
    good('restore', here('packed.tar.gz'), '--data', here('packed'))
    assert.deepEqual(rows(here('packed'), stores[0]), expected)
  })

  test('without its key asks for it, and takes no other', async () => {
    good('backup', here('keyless.tar'), '--data', server.dir, '--without-key')
    assert.ok(!run('tar', ['tf', here('keyless.tar')]).includes('secret.key'))
    const key = readFileSync(join(server.dir, 'secret.key'))
    assert.ok(!readFileSync(here('keyless.tar')).includes(key))
    assert.ok(readFileSync(tar).includes(key))
    const args = ['restore', here('keyless.tar'), '--data', here('keyless')]
    assert.match(bad(...args), /made without its key; name the file with --key FILE/)
    writeFileSync(here('wrong.key'), Buffer.alloc(32, 1))
    assert.match(bad(...args, '--key', here('wrong.key')), /not the key of this portal/)
    writeFileSync(here('short.key'), 'short')
    assert.match(bad(...args, '--key', here('short.key')), /must hold 32 bytes/)
    assert.ok(!existsSync(here('keyless')))
    copyFileSync(join(server.dir, 'secret.key'), here('right.key'))
    good(...args, '--key', here('right.key'))
    const restored = await Server.start({ dir: here('keyless') })
    assert.equal((await restored.result('profile')).ID, '1')
    await restored.stop()
    // On a terminal it asks.
    const asked = spawnSync(
      'script',
      ['-qec', `"${BIN}" restore "${here('keyless.tar')}" --data "${here('asked')}"`, '/dev/null'],
      { encoding: 'utf8', input: `${key.toString('hex')}\n`, timeout: 60_000 }
    )
    if (asked.error?.code !== 'ENOENT') {
      assert.equal(asked.status, 0, asked.stdout)
      assert.match(asked.stdout, /made without its key/)
      assert.deepEqual(readFileSync(join(here('asked'), 'secret.key')), key)
    }
  })

  test('fails as a whole: the one of yesterday stays', () => {
    writeFileSync(here('yesterday.tar'), 'yesterday')
    mkdirSync(here('yesterday.tar.part'))
    assert.match(bad('backup', here('yesterday.tar'), '--data', server.dir), /cannot write/)
    assert.equal(readFileSync(here('yesterday.tar'), 'utf8'), 'yesterday')
  })

  test('to a device or a pipe goes through it, and leaves it what it is', () => {
    run('mkfifo', [here('pipe')])
    run('sh', ['-c', `cat "$3" >"$4" & "$1" backup "$3" --data "$2"; wait`, 'sh', BIN, server.dir, here('pipe'), here('piped.tar')])
    assert.ok(statSync(here('pipe')).isFIFO())
    good('restore', here('piped.tar'), '--data', here('piped'))
    assert.deepEqual(rows(here('piped'), stores[0]), expected)
  })

  test('tells on a terminal how far it is, and nowhere else', () => {
    const args = ['backup', here('told.tar'), '--data', server.dir]
    const shown = spawnSync('script', ['-qec', [BIN, ...args].join(' '), '/dev/null'], { encoding: 'utf8' })
    assert.equal(shown.status, 0, shown.error ?? shown.stdout)
    assert.match(shown.stdout, /\r\S*activity: \d+ rows, 0 files, [\d.]+ MiB/)
    const { out, err } = good(...args)
    assert.equal(out, '')
    assert.match(err, /^\S+told\.tar: \d+ rows of \d+ tables, 3 files, [\d.]+ MiB; whoever holds it holds the portal\n$/)
  })

  test('whose restore cannot begin leaves the directory as it was', () => {
    writeFileSync(here('used.db'), '')
    good('restore', tar, '--data', here('taken'), '--store', here('used.db'))
    mkdirSync(here('mine'))
    for (const name of ['mine', 'none'])
      assert.match(bad('restore', tar, '--data', here(name), '--store', here('used.db')), /used\.db holds a portal already/)
    assert.deepEqual([readdirSync(here('mine')), existsSync(here('none'))], [[], false])
  })

  test('says which options go together', () => {
    for (const args of [['backup'], ['backup', 'a', 'b'], ['backup', '-', '--json'], ['restore'], ['restore', '-']])
      assert.equal(rapport(...args).code, 2, args.join(' '))
  })

  test('whose portal misses a file is made, and says so', async () => {
    const dir = here('missing')
    good('restore', tar, '--data', dir)
    const [part] = readdirSync(join(dir, 'files'))
    rmSync(join(dir, 'files', part), { recursive: true })
    assert.match(bad('backup', here('missing.tar'), '--data', dir), /1 files that the portal names are missing/)
    const again = rapport('backup', here('missing.tar'), '--data', dir, '--json')
    assert.deepEqual([again.code, JSON.parse(again.out).missing], [1, 1])
    assert.match(rapport('check', '--data', dir).out, /the file \w+ of activity \d+ is missing or damaged; put it back as /)
    const { missing, files: count } = JSON.parse(good('restore', here('missing.tar'), '--data', here('missing2'), '--json').out)
    assert.deepEqual([missing, count], [1, 2])
  })

  test('a restore that was killed leaves nothing that serves, and is run again', async () => {
    const dir = here('killed')
    mkdirSync(dir)
    for (const name of ['restoring', 'portal.db', 'portal.db-wal']) writeFileSync(join(dir, name), 'half')
    assert.match(bad('serve', '--data', dir, '--listen', '127.0.0.1:0'), /did not come to its end; run it again/)
    good('restore', tar, '--data', dir)
    assert.deepEqual(rows(dir, stores[0]), expected)
  })

  test('a restore that is killed at any moment is run again', async () => {
    let killed = 0
    for (let i = 0; i < 12; i++) {
      const dir = here(`killed${i}`)
      const child = spawn(BIN, ['restore', tar, '--data', dir], { stdio: 'ignore' })
      const timer = setTimeout(() => child.kill('SIGKILL'), 4 + i * 12)
      const [, signal] = await once(child, 'close')
      clearTimeout(timer)
      if (signal) {
        killed++
        if (existsSync(join(dir, 'restoring'))) assert.match(bad('serve', '--data', dir), /did not come to its end/)
        if (existsSync(join(dir, 'secret.key')) && !existsSync(join(dir, 'restoring'))) continue // it was done
        good('restore', tar, '--data', dir)
      }
      assert.deepEqual(rows(dir, stores[0]), expected)
      rmSync(dir, { recursive: true })
    }
    assert.ok(killed > 0)
  })

  test('keeps content from being removed as long as it runs', async () => {
    const content = text => ({ fileData: ['f.txt', Buffer.from(text).toString('base64')] })
    const ids = []
    for (const text of ['held', 'free'])
      ids.push(await server.result('crm.activity.add', activity({ FILES: [content(text)] })))
    const has = text => files(server.dir).some(([, bytes]) => bytes === text)
    const holder = spawn(
      'python3',
      ['-c', 'import fcntl,sys\nf=open(sys.argv[1],"a")\nfcntl.flock(f,fcntl.LOCK_SH)\nprint("held",flush=True)\nsys.stdin.read()', join(server.dir, 'files.lock')],
      { stdio: ['pipe', 'pipe', 'inherit'] }
    )
    await once(holder.stdout, 'data')
    await server.result('crm.activity.delete', { id: ids[0] })
    assert.ok(has('held'))
    holder.stdin.end()
    await once(holder, 'close')
    await server.result('crm.activity.delete', { id: ids[1] })
    assert.ok(!has('free') && has('held'), 'the sweep takes it later')
  })
})
