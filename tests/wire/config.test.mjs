// Options that are said in the environment or in a file, and what holds when several say something.
import { after, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BIN, CODE, Server, tempDir } from './lib/server.mjs'

describe('configuration', () => {
  const dir = tempDir()
  after(() => rmSync(dir, { recursive: true, force: true }))
  const file = (text, name = 'rapport.conf') => (writeFileSync(join(dir, name), text), join(dir, name))
  const run = (args, env = {}) => {
    const { status, stdout, stderr } = spawnSync(BIN, args, { encoding: 'utf8', env: { ...process.env, ...env }, timeout: 20_000 })
    return { status, out: stdout, err: stderr }
  }
  const config = (args, env) => {
    const { status, out, err } = run(['config', '--json', ...args], env)
    assert.equal(status, 0, err)
    return JSON.parse(out)
  }
  const refused = (text, pattern, env) => {
    for (const command of ['config', 'serve']) {
      const { status, err } = run([command, '--data', join(dir, 'none'), '--config', file(text, 'bad.conf')], env)
      assert.equal(status, 2, command)
      assert.match(err, pattern)
    }
  }

  test('the command line, the environment, the file, the default: the first that says something', () => {
    const path = file('# of the machine\n\n  plan = enterprise\nlog=error\nmax-body = 7\n\tdemo = yes\ncontrol = off\ntrusted-proxy = 10.0.0.0/8\ntrusted-proxy = fd00::/8\n')
    const env = { RAPPORT_CONFIG: path, RAPPORT_LOG: 'warn', RAPPORT_MAX_BODY: '8', RAPPORT_PRIVATE_HANDLERS: 'true', RAPPORT_LISTEN: '127.0.0.1:0' }
    const found = config(['--max-body', '9'], env)
    const of = name => [found[name].value, found[name].from]
    assert.deepEqual(of('max-body'), ['9', 'command line'])
    assert.deepEqual(of('log'), ['warn', 'environment'])
    assert.deepEqual(of('plan'), ['enterprise', 'file'])
    assert.deepEqual(of('demo'), ['yes', 'file'])
    assert.deepEqual(of('control'), ['no', 'file'])
    assert.deepEqual(of('threads'), ['', 'default'])
    assert.deepEqual(of('unknown-fields'), ['portal', 'default'])
    assert.deepEqual(of('trusted-proxy'), ['10.0.0.0/8, fd00::/8', 'file'])
    assert.deepEqual(config([], { RAPPORT_TRUSTED_PROXY: '10.1.0.0/16,10.2.0.0/16' })['trusted-proxy'], { value: '10.1.0.0/16, 10.2.0.0/16', from: 'environment' })
    assert.equal(config(['--config', file('plan = free\n', 'other.conf')], env).plan.value, 'free')
    assert.equal(config([]).plan.from, 'default')
  })

  test('secrets are not shown', () => {
    const { out } = run(['config', '--smtp', 'smtp://me:open-sesame@mail.example.com', '--webhook-code', 'verysecret1', '--store', 'postgresql://me:pass-word@db/x'])
    assert.ok(!/open-sesame|verysecret1|pass-word/.test(out), out)
    const other = run(['config', '--smtp', 'smtp://me:sl/ash@word@mail.example.com', '--store', 'postgresql://me@db/x?password=other-word'])
    assert.ok(other.status === 0 && !/other-word|ash@word|sl\/ash/.test(other.out), other.out + other.err)
    assert.match(out, /smtp:\/\/\*\*\*@mail\.example\.com +command line/)
  })

  test('what is wrong is said with its place', () => {
    refused('plan = enterprise\nlisen = x\n', /bad\.conf, line 2: there is no option lisen/)
    refused('listen\n', /line 1: a line is "name = value"/)
    refused('demo = perhaps\n', /line 1: demo takes yes or no/)
    refused('log = error\nlog = info\n', /line 2: log stands there before/)
    refused('log =\n', /line 1: log is empty/)
    refused('config = other\n', /there is no option config/)
    refused('plan = golden\n', /--plan takes/)
    for (const bad of ['-1', 'x', '1.5', '40000']) refused(`keep-tokens = ${bad}\n`, /--keep-tokens takes days, 0 to 36500/)
    refused('slow-request = soon\n', /--slow-request takes a number/)
    refused('', /RAPPORT_DEMO takes yes or no/, { RAPPORT_DEMO: 'y' })
    const { status, err } = run(['serve', '--config', join(dir, 'absent.conf')])
    assert.deepEqual([status, /cannot read the configuration .*absent\.conf: No such file/.test(err)], [2, true])
  })

  test('a server takes it, commands find its portal, and SIGHUP takes up the log', async () => {
    const data = join(dir, 'data'), path = file(`listen = 127.0.0.1:0\ndemo = yes\nwebhook-code = ${CODE}\nlog = error\n`, 'serve.conf')
    const server = await Server.start({ dir: data, demo: false, code: null, args: ['--config', path] })
    assert.equal((await server.call('crm.deal.list')).json.total, 61)
    assert.doesNotMatch(server.log, /crm\.deal\.list/)
    const listed = run(['user', 'list', '--json'], { RAPPORT_DATA: data })
    assert.equal(JSON.parse(listed.out).length, 8, listed.err)
    assert.notEqual(run(['user', 'list', '--json', '--data', join(dir, 'elsewhere')], { RAPPORT_DATA: data }).status, 0)
    file('log = info\nlog-format = json\n', 'serve.conf')
    server.kill('SIGHUP')
    while (!/"message":"200 crm\.deal\.list/.test(server.log)) await server.call('crm.deal.list')
    file('log = loud\n', 'serve.conf')
    server.kill('SIGHUP')
    while (!/the log stays as it was: --log takes/.test(server.log)) await server.call('server.time')
    await server.stop()
  })
})
