// The command line without a server: options, exit codes, messages, help.
import { after, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { BIN, Server, rapport, tempDir } from './lib/server.mjs'

const json = run => {
  assert.equal(run.code, 0, run.err)
  return JSON.parse(run.out)
}

describe('the command line', () => {
  const dir = tempDir()
  after(() => rmSync(dir, { recursive: true, force: true }))
  const here = name => join(dir, name)

  test('wrong options end with 2 and say why', () => {
    for (const line of [
      '',
      'nonsense',
      'serve --nope',
      'serve --listen',
      'serve --listen abc',
      'serve --listen 127.0.0.1:99999',
      'serve --listen 127.0.0.1:-1',
      'serve --plan gold',
      'serve --limit-rate fast',
      'serve --limit-rate -1',
      'serve --limit-burst 5',
      'serve --limit-operating x',
      'serve --limit-time 1e300',
      'serve --max-body 0',
      'serve --max-body x',
      'serve --threads 0',
      'serve --webhook-code short',
      'serve --webhook-code with-a-dash',
      'serve --log loud',
      'serve extra',
      'serve --tls-cert a.pem',
      'serve --tls-key a.pem',
      'serve --demo=yes',
      'nonsense',
      'webhook',
      'webhook nonsense',
      'webhook list extra more',
      'user',
      'user nonsense',
      'methods --nope',
      'methods extra',
      'check --nope',
      'fault',
      'fault nonsense',
      'fault list extra',
      'portal',
      'portal nonsense',
      'role',
      'role nonsense',
      'role add',
      'role set --id 1 --level some',
      'role set --level own',
      'role set --id 1 --type car --level own',
      'role set --id 1 --action sell --level own',
      'role assign --id 1',
      'role assign --id 1 --user 1 --everybody',
      'transcript',
      'transcript nonsense --activity 1',
      'transcript set',
      'transcript set --activity x'
    ]) {
      const [command, ...args] = line.split(' ').filter(Boolean)
      const { code, out, err } = rapport(
        ...(command ? [command] : []),
        ...args,
        ...(command === 'serve' ? ['--data', here('wrong')] : [])
      )
      assert.equal(code, 2, `${line}: ${code}`)
      assert.equal(out, '', line)
      assert.match(err, /^rapport/, line)
    }
    assert.ok(!existsSync(here('wrong')), 'nothing was made')
  })

  test('what cannot be served ends with 1 and says why', () => {
    mkdirSync(here('used'))
    writeFileSync(here('file'), '')
    const used = here('used')
    const table = [
      [['serve', '--data', here('no/such/folder')], /cannot make the data directory/],
      [['serve', '--data', here('file')], /data directory/],
      [['serve', '--data', used, '--time-zone', 'Nowhere/X'], /unknown time zone Nowhere\/X/],
      [
        [
          'serve',
          '--data',
          used,
          '--listen',
          '127.0.0.1:0',
          '--tls-cert',
          here('no.pem'),
          '--tls-key',
          here('no.pem')
        ],
        /cannot read .*no\.pem/
      ],
      [
        [
          'serve',
          '--data',
          used,
          '--listen',
          '127.0.0.1:0',
          '--tls-cert',
          '/dev/null',
          '--tls-key',
          '/dev/null'
        ],
        /is empty/
      ],
      [
        ['serve', '--data', used, '--listen', 'no.such.host.invalid:0'],
        /cannot listen on no\.such\.host\.invalid/
      ],
      [['check', '--data', here('missing')], /there is no data directory/],
      [['check', '--data', BIN], /the data directory .* is no directory; choose another/],
      [['serve', '--data', BIN], /the data directory .* is no directory; choose another/],
      [['webhook', 'list', '--data', here('missing')], /there is no data directory/],
      [['user', 'list', '--data', here('missing')], /there is no data directory/]
    ]
    for (const [args, text] of table) {
      const { code, out, err } = rapport(...args)
      assert.equal(code, 1, args.join(' '))
      assert.equal(out, '')
      assert.match(err, text)
    }
  })

  test('a password of the store is not told', () => {
    const { code, err } = rapport(
      'serve',
      '--data',
      here('secret'),
      '--store',
      'postgresql://user:hidden-word@127.0.0.1:1/none'
    )
    assert.equal(code, 1)
    assert.match(err, /cannot connect to PostgreSQL/)
    assert.ok(!err.includes('hidden-word'))
  })

  test('with --json a mistake is JSON on stdout as well, one value', () => {
    mkdirSync(here('json'), { recursive: true })
    for (const line of [
      'webhook',
      'webhook nonsense',
      'webhook add',
      'webhook add --user 1 --scope nonsense',
      'webhook list --data nowhere',
      'webhook list --nope',
      'user add',
      'user list extra more',
      'user password',
      'role set --id 1 --level some',
      'role list --data nowhere',
      'app add',
      'app list --data nowhere',
      'hook out add --handler ftp://x --event ONCRMLEADADD',
      'hook out add --handler http://x --event ONNONSENSE',
      'events list --data nowhere',
      'mail list --data nowhere',
      'token issue',
      'fault add --data nowhere',
      'fault nonsense',
      'portal nonsense',
      'store set',
      'backup',
      'restore nowhere.tar',
      'check --data nowhere',
      'methods extra',
      'version extra',
      'transcript nonsense --activity 1',
      'webhook list --store \xff:// --data nowhere'
    ]) {
      const plain = rapport(...line.split(' '))
      for (const args of [[...line.split(' '), '--json'], [line.split(' ')[0], '--json', ...line.split(' ').slice(1)]]) {
        const run = rapport(...args)
        assert.deepEqual([run.code, run.err], [plain.code, plain.err], line)
        assert.ok(run.code > 0 && plain.out === '', line)
        const told = JSON.parse(run.out)
        assert.deepEqual(Object.keys(told), ['error'], line)
        assert.ok(run.err.endsWith(`rapport: ${told.error}\n`), `${line}: ${run.err}`)
      }
    }
  })

  test('lists have headers on a terminal, and none elsewhere', async () => {
    const server = await Server.start()
    const { dir } = server
    const lists = {
      'webhook list': /^ +ID  FOR +SCOPE +CREATED\r\n +1  user 1 +crm/,
      'user list': /^ +ID  LOGIN +NAME\r\n +1  admin +Александр Орлов  administrator/,
      'role list': /^ +ID  NAME.*\r\n +1  Everything/,
      'app list': /^ +ID  CLIENT_ID +NAME +SCOPE\r\n/,
      'hook out list': /^ +ID  EVENT +HANDLER/,
      'events list': /^ +ID  SUBSCRIBER/,
      'mail list': /^ +ID  ACTIVITY/,
      'fault list': /^ +ID  METHOD +FAULT/,
      methods: /^METHOD +WHAT IT DOES\r\napp\.option\.get/
    }
    for (const [line, text] of Object.entries(lists)) {
      const args = line === 'methods' ? [line] : [...line.split(' '), '--data', dir]
      const shown = spawnSync('script', ['-qec', [BIN, ...args].join(' '), '/dev/null'], { encoding: 'utf8' })
      assert.equal(shown.status, 0, shown.error ?? shown.stdout)
      assert.match(shown.stdout, text)
      const header = shown.stdout.split('\r\n')[0]
      assert.ok(!rapport(...args).out.includes(header), line)
      const json = spawnSync('script', ['-qec', [BIN, ...args, '--json'].join(' '), '/dev/null'], { encoding: 'utf8' })
      assert.ok(Array.isArray(JSON.parse(json.stdout)), line)
    }
    await server.stop()
  })

  test('help of every command', () => {
    for (const args of [
      ['--help'],
      ['-h'],
      ['help'],
      ...['serve', 'webhook', 'user', 'methods', 'check', 'fault', 'portal', 'transcript'].map(name => [name, '--help'])
    ]) {
      const { code, out, err } = rapport(...args)
      assert.deepEqual([code, err], [0, ''], args.join(' '))
      assert.match(out, /Usage: rapport/)
    }
  })

  test('version, for people and for programs', () => {
    assert.match(rapport('version').out, /^rapport \d+\.\d+\.\d+\n$/)
    assert.equal(rapport('--version').out, rapport('version').out)
    assert.equal(`rapport ${json(rapport('version', '--json')).version}\n`, rapport('version').out)
  })

  test('methods, for people and for programs', () => {
    const here = json(rapport('methods', '--json'))
    const all = json(rapport('methods', '--all', '--json'))
    const names = all.filter(method => method.implemented).map(method => method.name)
    assert.deepEqual(here.map(method => method.name), names)
    assert.equal(all.length, 1669) /* 1,665 documented, event.test, rapport.search, rapport.timeline.list and .act */
    for (const name of ['crm.activity.add', 'crm.activity.list', 'profile', 'server.time'])
      assert.ok(names.includes(name))
    assert.deepEqual(
      all.find(method => method.name === 'tasks.task.list'),
      { name: 'tasks.task.list', scope: 'task', implemented: false, page: 'api-reference/tasks/tasks-task-list' }
    )
    for (const method of here) assert.ok(method.summary && typeof method.writes === 'boolean', method.name)
    assert.equal(rapport('methods').out.trim().split('\n').length, names.length)
    assert.equal(rapport('methods', '--all').out.trim().split('\n').length, all.length)
  })
})
