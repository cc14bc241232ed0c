// The program's life: starts, stops, its commands beside a running server, and a store in trouble.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { CODE, Server, activity, dropSchemas, rapport, stores, tempDir } from './lib/server.mjs'
import { Raw, request } from './lib/raw.mjs'

const POLL_MS = 20
const INTERNAL = { error: 'INTERNAL_SERVER_ERROR', error_description: 'Internal server error' }

// Until work() answers something true; a failed test when that takes too long.
async function eventually(work, limit = 10_000) {
  const began = Date.now()
  for (;;) {
    const value = await work()
    if (value) return { value, took: Date.now() - began }
    assert.ok(Date.now() - began < limit, `not within ${limit} ms`)
    await sleep(POLL_MS)
  }
}

const json = run => {
  assert.equal(run.code, 0, run.err)
  return JSON.parse(run.out)
}

for (const store of stores) {
  describe(`life on ${store.name}`, () => {
    const dirs = []
    const freshDir = () => {
      const dir = tempDir()
      dirs.push(dir)
      if (store.url) dropSchemas(store.url)
      return dir
    }
    after(() => dirs.forEach(dir => rmSync(dir, { recursive: true, force: true })))
    const subjects = async server => {
      const found = []
      for (let start = 0; start !== undefined;) {
        const { json: page } = await server.call('crm.activity.list', {
          select: ['SUBJECT'],
          order: { ID: 'ASC' },
          filter: { '%SUBJECT': 'life ' },
          start
        })
        found.push(...page.result.map(row => row.SUBJECT))
        start = page.next
      }
      return found
    }

    describe('starts', () => {
      test('the first prints webhook, console and ready, the second only ready, and under systemd so does the first', async () => {
        const dir = freshDir()
        const first = await Server.start({ store, dir, code: null })
        assert.equal(first.lines.length, 3)
        const [, webhook] =
          /^webhook (http:\/\/127\.0\.0\.1:\d+\/rest\/1\/[A-Za-z0-9]{20,}\/)$/.exec(first.lines[0]) ??
          assert.fail(first.lines[0])
        assert.match(first.lines[1], /^console http:\/\/127\.0\.0\.1:\d+\/#signin=\w{40}$/)
        assert.match(first.lines[2], /^ready http:\/\/127\.0\.0\.1:\d+\/$/)
        assert.ok(webhook.startsWith(first.url))
        assert.equal((await first.result('profile', {}, { base: webhook })).ADMIN, true)
        await first.stop()
        const second = await Server.start({ store, dir, code: null })
        assert.equal(second.lines.length, 1)
        const code = new URL(webhook).pathname
        assert.equal((await second.result('profile', {}, { base: `${second.url}${code.slice(1)}` })).ID, '1')
        await second.stop()
        for (const name of ['JOURNAL_STREAM', 'NOTIFY_SOCKET']) {
          const silent = await Server.start({ store, dir: freshDir(), code: null, env: { [name]: 'x' } })
          assert.equal(silent.lines.length, 1)
          assert.doesNotMatch(silent.lines[0] + silent.log, /signin|\/rest\/1\/|webhook /)
          await silent.stop()
        }
      })

      test("a code given is the first webhook's", async () => {
        const server = await Server.start({ store, dir: freshDir() })
        assert.equal(server.lines[0], `webhook ${server.webhook}`)
        assert.ok(await server.result('profile'))
        await server.stop()
      })

      test('a second server on the same data is refused', async () => {
        const server = await Server.start({ store, dir: freshDir() })
        const refusal = await Server.start({ store, dir: server.dir }).then(
          () => null,
          error => error
        )
        assert.equal(refusal?.code, 1)
        assert.match(refusal.log, /another server is using the data directory/)
        assert.ok(await server.result('profile'), 'the first goes on')
        await server.stop()
      })

      test('a first start that cannot listen does not use up the webhook', async () => {
        const dir = freshDir()
        const held = await Server.start({ demo: false })
        const args = [
          'serve',
          '--data',
          dir,
          '--listen',
          `127.0.0.1:${held.port}`,
          ...(store.url ? ['--store', store.url] : [])
        ]
        const failed = rapport(...args)
        assert.equal(failed.code, 1)
        assert.match(failed.err, /cannot listen on 127\.0\.0\.1 port \d+: Address already in use; --listen takes another/)
        await held.stop()
        const server = await Server.start({ store, dir, code: null })
        assert.match(server.lines[0], /^webhook /)
        await server.stop()
      })

      test('the store is remembered by the data directory', async () => {
        const server = await Server.start({ store, dir: freshDir() })
        const id = await server.result('crm.lead.add', { fields: { TITLE: 'life remembers' } })
        await server.stop()
        const again = await Server.start({ dir: server.dir, code: null })
        assert.equal((await again.result('crm.lead.get', { id })).TITLE, 'life remembers')
        await again.stop()
      })

      test('SIGINT ends it like SIGTERM', async () => {
        const server = await Server.start({ store, dir: freshDir() })
        server.kill('SIGINT')
        assert.deepEqual(await server.exited, { code: 0, signal: null })
      })
    })

    describe('stops', () => {
      test('under load every write is answered or not done', async () => {
        const server = await Server.start({ store, dir: freshDir(), demo: false, args: ['--log', 'warn'] })
        const contact = await server.result('crm.contact.add', { fields: { NAME: 'life' } })
        const answered = [],
          unanswered = []
        let enough
        const loaded = new Promise(resolve => {
          enough = resolve
        })
        const writer = async name => {
          for (let i = 0; ; i++) {
            const subject = `life ${name}-${i}`
            const params = activity({
              OWNER_ID: contact,
              SUBJECT: subject,
              COMMUNICATIONS: [{ VALUE: '+49', ENTITY_ID: contact, ENTITY_TYPE_ID: 3 }]
            })
            try {
              const answer = await server.call('crm.activity.add', params)
              if (answer.status === 200) answered.push(subject)
              else unanswered.push(subject)
              if (answered.length === 200) enough()
            } catch {
              unanswered.push(subject)
              return
            }
          }
        }
        const writers = Array.from({ length: 40 }, (_, i) => writer(`w${i}`))
        await loaded
        const began = Date.now()
        await server.stop()
        assert.ok(Date.now() - began < 5000, `it took ${Date.now() - began} ms`)
        await Promise.all(writers)
        const again = await Server.start({ store, dir: server.dir, code: null })
        assert.deepEqual((await subjects(again)).sort(), answered.sort())
        assert.ok(unanswered.length >= 40)
        await again.stop()
      })

      test('a request that is half here is not waited for once its client is gone', async () => {
        const server = await Server.start({ store, dir: freshDir() })
        for (const end of ['finish', 'close', 'reset']) {
          const raw = await Raw.connect(server.port)
          const whole = request(`/rest/1/${CODE}/server.time`, { verb: 'POST', body: '{}' })
          await raw.send(whole.subarray(0, whole.length - 1))
          raw[end]()
        }
        const began = Date.now()
        await server.stop()
        assert.ok(Date.now() - began < 5000, `it took ${Date.now() - began} ms`)
      })

      test('a request that comes in while stopping is finished', async () => {
        const server = await Server.start({ store, dir: freshDir() })
        const raw = await Raw.connect(server.port)
        const body = JSON.stringify(activity({ SUBJECT: 'life late' }))
        await raw.send(
          request(`/rest/1/${CODE}/server.time`, {
            verb: 'POST',
            headers: {
              'Content-Type': 'application/json',
              Expect: '100-continue',
              'Content-Length': body.length
            },
            length: false
          })
        )
        assert.equal((await raw.answer()).status, 100) // so the request is known to the server
        server.kill('SIGTERM')
        await eventually(() => server.log.includes('SIGTERM'))
        await raw.send(body)
        const answer = await raw.answer()
        assert.equal(answer?.status, 200)
        assert.equal(answer.headers.connection, 'close')
        assert.deepEqual(await server.exited, { code: 0, signal: null })
      })
    })

    describe('commands beside the server', () => {
      let server
      const run = (...args) => rapport(...args, '--data', server.dir)
      before(async () => {
        server = await Server.start({ store, dir: freshDir(), args: ['--demo'] })
      })
      after(() => server?.stop())

      test('webhook add, list and revoke', async () => {
        const added = json(run('webhook', 'add', '--user', '2', '--scope', 'crm,user', '--json'))
        assert.deepEqual(Object.keys(added), ['id', 'user', 'scope', 'code', 'url'])
        assert.ok(added.url.startsWith(server.url), added.url)
        assert.equal((await server.result('user.current', {}, { base: added.url })).ID, '2')
        const listed = json(run('webhook', 'list', '--json')).find(row => row.id === added.id)
        assert.deepEqual(
          { ...listed, created: '' },
          { id: added.id, user: 2, scope: 'crm,user', created: '', revoked: false }
        )
        assert.deepEqual(json(run('webhook', 'revoke', '--id', String(added.id), '--json')), {
          id: added.id,
          revoked: true
        })
        const { took } = await eventually(
          async () => (await server.call('profile', {}, { base: added.url })).status === 401
        )
        assert.ok(took < 3000, `the revoked webhook was taken for ${took} ms`)
        assert.equal(json(run('webhook', 'list', '--json')).find(row => row.id === added.id).revoked, true)
        assert.equal(run('webhook', 'revoke', '--id', String(added.id)).code, 1)
        assert.ok(await server.result('profile'), 'another webhook stays in force')
      })

      test('webhook add for people', async () => {
        const { code, out } = run('webhook', 'add', '--user', '1')
        assert.equal(code, 0)
        const [url] = /http:\S+/.exec(out)
        assert.ok(await server.result('profile', {}, { base: url }))
        assert.ok(
          !run('webhook', 'list').out.includes(new URL(url).pathname.split('/')[3]),
          'the code is shown once'
        )
      })

      test('user add and list', async () => {
        const { id } = json(
          run(
            'user',
            'add',
            '--login',
            'life.test',
            '--name',
            'Жизнь',
            '--last-name',
            'Test',
            '--email',
            'life@example.org',
            '--json'
          )
        )
        const listed = json(run('user', 'list', '--json')).find(row => row.id === id)
        assert.deepEqual(listed, {
          id,
          login: 'life.test',
          name: 'Жизнь',
          last_name: 'Test',
          email: 'life@example.org',
          active: true,
          admin: false
        })
        const [user] = await server.result('user.get', { ID: id })
        assert.deepEqual([user.NAME, user.EMAIL, user.ACTIVE], ['Жизнь', 'life@example.org', true])
        const again = run('user', 'add', '--login', 'life.test')
        assert.deepEqual([again.code, again.err], [1, 'rapport: the login life.test is taken\n'])
        const added = json(run('webhook', 'add', '--user', String(id), '--json'))
        assert.equal((await server.result('profile', {}, { base: added.url })).ADMIN, false)
      })

      test('check is clean beside a server that writes', async () => {
        const before = json(run('check', '--json'))
        assert.equal(before.clean, true)
        assert.deepEqual(before.problems, [])
        let stopped = false
        const writer = (async () => {
          while (!stopped)
            await server.result(
              'crm.activity.add',
              activity({
                FILES: [{ fileData: ['a.txt', Buffer.from(`${Math.random()}`).toString('base64')] }]
              })
            )
        })()
        await server.result('server.time')
        for (let i = 0; i < 3; i++) assert.equal(json(run('check', '--json')).clean, true)
        stopped = true
        await writer
        assert.match(run('check').out, /^clean: \d+ activities, \d+ files\n$/)
      })

      test('usage errors are told before anything is done', () => {
        for (const args of [
          ['webhook', 'add'],
          ['webhook', 'add', '--user', 'x'],
          ['webhook', 'revoke'],
          ['webhook', 'revoke', '--id', 'x'],
          ['webhook', 'add', '--user', '1', '--scope', 'nonsense'],
          ['user', 'add'],
          ['user', 'add', '--login', 'no.address', '--email', 'nonsense']
        ]) {
          const { code, err, out } = run(...args)
          assert.deepEqual([code, out], [2, ''], args.join(' '))
          assert.match(err, /^rapport: /)
        }
        assert.equal(run('webhook', 'add', '--user', '999999').code, 1)
        assert.equal(run('webhook', 'revoke', '--id', '999999').code, 1)
      })
    })

    describe('files on a full disk', () => {
      let mount, server
      before(() => {
        mount = tempDir()
        const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', mount])
        if (mounted.status !== 0) {
          rmSync(mount, { recursive: true })
          mount = null
        }
      })
      after(async () => {
        await server?.stop()
        if (!mount) return
        spawnSync('umount', [mount])
        rmSync(mount, { recursive: true })
      })

      // Leaves `left` bytes, and a function that gives the room back.
      const fill = left => {
        const { bavail, bsize } = statfsSync(mount)
        const ballast = join(mount, 'ballast')
        writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - left), 1))
        return () => rmSync(ballast)
      }

      test('the caller is told, nothing is half kept, and it goes on when there is room', async t => {
        if (!mount) return t.skip('no tmpfs can be mounted here: not root')
        if (store.url) dropSchemas(store.url)
        server = await Server.start({ store, dir: join(mount, 'data') })
        const contact = await server.result('crm.contact.add', { fields: { NAME: 'life' } })
        const params = i =>
          activity({
            OWNER_ID: contact,
            SUBJECT: `life full ${i}`,
            COMMUNICATIONS: [{ VALUE: '+49', ENTITY_ID: contact, ENTITY_TYPE_ID: 3 }],
            DESCRIPTION: 'd'.repeat(50_000),
            FILES: [{ fileData: ['a.bin', Buffer.alloc(100_000, `${i}`).toString('base64')] }]
          })
        const kept = []
        const add = async i => {
          const { status, json: answer } = await server.call('crm.activity.add', params(i))
          if (status === 200) kept.push(`life full ${i}`)
          else assert.deepEqual([status, answer], [500, INTERNAL])
          return status === 200
        }
        assert.equal(await add(0), true)
        for (let round = 1; round <= 3; round++) {
          const free = fill(1_000_000)
          let i = round * 1000
          while (await add(i)) assert.ok(++i < round * 1000 + 100, 'the disk never was full')
          assert.equal(await add(i + 1), false)
          assert.equal(
            (await server.call('crm.activity.list', { select: ['SUBJECT'] })).status,
            200,
            'reading goes on'
          )
          free()
          await eventually(() => add(i + 2))
        }
        assert.deepEqual((await subjects(server)).sort(), [...kept].sort())
        assert.match(server.log, /[Nn]o space left|disk is full|full/)
        const check = json(rapport('check', '--data', server.dir, '--json'))
        assert.deepEqual([check.clean, check.problems], [true, []])
        assert.equal(check.activities, kept.length)
        await server.stop()
        server = await Server.start({ store, dir: join(mount, 'data'), code: null })
        assert.deepEqual((await subjects(server)).sort(), [...kept].sort())
      })

      test('data on a read-only file system is refused with a reason', async t => {
        if (!mount) return t.skip('no tmpfs can be mounted here: not root')
        await server.stop()
        server = null
        assert.equal(spawnSync('mount', ['-o', 'remount,ro', mount]).status, 0)
        const dir = join(mount, 'data')
        const { code, err } = rapport('serve', '--data', dir, '--listen', '127.0.0.1:0')
        assert.equal(code, 1)
        assert.match(err, /[Rr]ead-only/)
        if (!store.url) {
          const added = rapport('webhook', 'add', '--data', dir, '--user', '1')
          assert.equal(added.code, 1)
          assert.match(added.err, /^rapport: /m)
        }
        assert.equal(spawnSync('mount', ['-o', 'remount,rw', mount]).status, 0)
        server = await Server.start({ store, dir, code: null })
        assert.ok((await subjects(server)).length > 0)
      })
    })
  })
}

const cluster = process.env.RAPPORT_TEST_POSTGRES_DIR
describe(
  'PostgreSQL that goes away',
  { skip: cluster && stores[1] ? false : 'RAPPORT_TEST_POSTGRES and RAPPORT_TEST_POSTGRES_DIR are not set' },
  () => {
    const control = action => {
      const script = fileURLToPath(new URL('../postgres.sh', import.meta.url))
      const run = spawnSync('bash', [script, action, cluster], { encoding: 'utf8' })
      assert.equal(run.status, 0, run.stderr)
    }

    test('errors while it is away, service by itself when it is back', async () => {
      const server = await Server.start({ store: stores[1] })
      const write = () => server.call('crm.activity.update', { id: 1, fields: { DESCRIPTION: 'back' } })
      const read = () => server.call('crm.activity.get', { id: 1 })
      assert.equal((await write()).status, 200)
      for (let round = 0; round < 2; round++) {
        control('kill')
        try {
          for (let i = 0; i < 3; i++) {
            for (const answer of [
              await write(),
              await read(),
              await server.call('batch', { cmd: ['crm.activity.get?id=1'] })
            ]) {
              assert.equal(answer.status, 500)
              assert.equal(answer.json.error, 'INTERNAL_SERVER_ERROR')
              assert.ok(!JSON.stringify(answer.json).includes('connect'), 'no detail for the caller')
            }
          }
        } finally {
          control('restart')
        }
        await eventually(async () => (await write()).status === 200 && (await read()).status === 200)
        // Every reader has found it again, not only one of them.
        const reads = await Promise.all(Array.from({ length: 40 }, read))
        assert.ok(reads.every(answer => answer.status === 200))
      }
      assert.equal((await read()).json.result.DESCRIPTION, 'back')
      await server.stop()
    })
  }
)
