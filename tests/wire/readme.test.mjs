// README.md as a reader has it: every block that is for a shell is pasted whole, in their order.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { BIN, Server, tempDir } from './lib/server.mjs'

const here = name => fileURLToPath(new URL(name, import.meta.url))
const text = readFileSync(here('../../README.md'), 'utf8')
const blocks = [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, kind, code]) => ({ kind, code }))

const work = tempDir()
const clone = join(work, 'clone')
const home = join(work, 'home')
const tools = join(work, 'tools')
const servers = []
const ports = new Map()

const tool = (path, lines) => {
  writeFileSync(path, `#!/bin/sh\n${lines}\n`)
  chmodSync(path, 0o755)
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => server.on('listening', resolve))
  const { port } = server.address()
  await new Promise(resolve => server.close(resolve))
  return port
}

// The ports that the page names, by free ones.
const local = code => code.replace(/\b(8024|8025|8026|8443)\b/g, port => ports.get(port))
const env = { ...process.env, HOME: home, PATH: `${tools}:${process.env.PATH}` }
delete env.NODE_TEST_CONTEXT

function paste(code) {
  const run = spawnSync('bash', ['-euo', 'pipefail', '-c', `set -m; ${local(code)}`], {
    cwd: clone,
    env,
    input: 'a long password\na long password\n',
    encoding: 'utf8',
    timeout: 60_000
  })
  assert.equal(run.status, 0, `${code}\n${run.stdout}${run.stderr}`)
  return run.stdout
}

// A command that goes on until it is stopped; answers its lines up to `ready`.
async function serve(code) {
  const child = spawn('bash', ['-c', `exec ${local(code)}`], { cwd: clone, env, stdio: ['ignore', 'pipe', 'pipe'] })
  servers.push(child)
  let log = ''
  child.stderr.on('data', chunk => (log += chunk))
  const lines = []
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (line.startsWith('ready ')) return lines
  }
  assert.fail(`${code}\n${log}`)
}

describe('README.md', () => {
  before(async () => {
    for (const dir of [clone, home, tools]) mkdirSync(dir)
    tool(join(tools, 'npm'), `ln -s "${here('./node_modules')}" node_modules`)
    symlinkSync(BIN, join(tools, 'rapport'))
    for (const port of ['8024', '8025', '8026', '8443']) ports.set(port, await freePort())
    const serveHere = `exec "${BIN}" serve --listen 127.0.0.1:${ports.get('8024')} "$@"`
    tool(join(clone, 'run'), `[ "$1" = --build-only ] && { echo "${BIN}"; exit; }\n${serveHere}`)
  })
  after(() => {
    for (const server of servers) server.kill('SIGKILL')
    Server.killAll()
    rmSync(work, { recursive: true, force: true })
  })

  test('begins with what it is and a list of contents in which everything stands', () => {
    assert.match(text, /^# Rapport\n\nRapport is a self-hosted CRM server/)
    const titles = [...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title)
    const contents = [...text.slice(0, text.indexOf('\n## ')).matchAll(/\[([^\]]+)\]\(#([^)]+)\)/g)]
    const anchor = title => title.toLowerCase().replace(/[^a-z0-9 -]/g, '').replaceAll(' ', '-')
    assert.deepEqual(
      contents.map(([, , to]) => to),
      titles.map(anchor)
    )
    assert.equal(titles[0], 'What it has not')
    for (const [, to] of text.matchAll(/\]\(#([^)]+)\)/g)) assert.ok(titles.map(anchor).includes(to), to)
  })

  test('says what a block is, and points with links', () => {
    const outside = text.replace(/^```\w+\n[^]*?^```$/gm, '')
    assert.deepEqual(outside.match(/^ {4,}\S.*$/gm), null)
    assert.deepEqual(outside.match(/```/g), null)
    assert.deepEqual(outside.match(/\b(see|as) (above|below)\b/gi), null)
  })

  test('the reference of the methods is written out', () => {
    const methods = readFileSync(here('../../docs/methods.md'), 'utf8')
    assert.doesNotMatch(methods, /(^|[^.])\.\.([^.]|$)/m)
    const [, one] = methods.split('\n### crm.activity.delete\n')
    assert.match(one, /^\| `id` \| integer \| yes \| /m)
    assert.match(one.split('\n### ')[0], /^\| \(empty\) \| 400 \| Access denied\. \|$/m)
  })

  test('has nobody who does not exist', () => {
    for (const page of ['README.md', 'SECURITY.md', 'CONTRIBUTING.md'])
      assert.deepEqual(readFileSync(here(`../../${page}`), 'utf8').match(/maintainers?|working days/gi), null, page)
  })

  test('its blocks can be pasted whole', { timeout: 240_000 }, async () => {
    const shell = blocks.filter(block => block.kind === 'sh')
    assert.ok(shell.length >= 15, `${shell.length} blocks`)
    let pasted = 0
    for (const { code } of shell) {
      // One command that serves, and nothing behind it.
      if (/^(\.\/run|rapport serve) [^]*$/.test(code) && !code.includes('&') && !/[^\\]\n./.test(code)) {
        const lines = await serve(code)
        const told = blocks.find(block => block.code.startsWith('webhook ')).code
        const known = line => line.replace(/(#signin=)\w{40}$/, '$1...') // another one each time
        if (servers.length === 1) assert.deepEqual(lines.map(known), local(told).trim().split('\n').map(known))
        continue
      }
      const out = paste(code)
      pasted++
      if (code.includes('/crm.activity.update')) assert.match(out, /^\{"result":true,"time":\{/)
      if (code.includes('example.mjs')) assert.match(out, /SUBJECT/)
      if (code.includes('python3')) assert.ok(out.trim().length > 0)
      if (code.includes('grep -q')) assert.match(out, /"result":\{"ID":"1"/)
    }
    assert.equal(servers.length, 4)
    assert.ok(pasted >= 12)
    // What the first says of itself: nothing but a data directory and no key lands in the clone.
    const made = spawnSync('find', [clone, '-name', '*.pem', '-o', '-name', 'node_modules'], { encoding: 'utf8' })
    assert.equal(made.stdout, '')
  })

  test('the example in PHP', () => {
    const [php] = blocks.filter(block => block.kind === 'php')
    writeFileSync(
      join(work, 'crest.php'),
      `<?php class CRest { static function call($method, $params) {
         return json_decode(file_get_contents(C_REST_WEB_HOOK_URL . $method . '?' . http_build_query($params)), true); } }`
    )
    writeFileSync(join(work, 'example.php'), local(php.code))
    const { status, stdout, stderr } = spawnSync('php', [join(work, 'example.php')], { cwd: work, encoding: 'utf8' })
    assert.equal(status, 0, stderr)
    assert.match(stdout, /^Array\n.*\n +\[result\] => 1$/m)
  })

  test('the demo has the numbers that are told', async () => {
    const [line] = text.match(/^\| `--demo` \|.*$/m)
    const told = Object.fromEntries([...line.matchAll(/(\d+) (\w+)/g)].map(([, count, what]) => [what, Number(count)]))
    const server = await Server.start()
    for (const [what, method] of Object.entries({
      users: 'user.get',
      leads: 'crm.lead.list',
      deals: 'crm.deal.list',
      contacts: 'crm.contact.list',
      companies: 'crm.company.list',
      activities: 'crm.activity.list'
    }))
      assert.equal((await server.call(method, {})).json.total, told[what], what)
    await server.stop()
  })
})

describe('./run without what it needs', () => {
  const tempTools = join(work, 'few')

  // A machine with few tools: what a test puts there, and bash's own.
  function install(script) {
    const { status, stdout, stderr } = spawnSync('/bin/bash', ['--norc', '-c', `. ${here('../../cmake/install.sh')}; ${script}`], {
      encoding: 'utf8',
      env: { PATH: tempTools }
    })
    return { status, text: stdout + stderr }
  }

  before(() => mkdirSync(tempTools, { recursive: true }))

  test('on Debian, not root and without sudo: says the commands for root', () => {
    tool(join(tempTools, 'dpkg-query'), 'exit 1')
    tool(join(tempTools, 'apt-get'), 'echo "never called"; exit 1')
    tool(join(tempTools, 'id'), 'echo 1000')
    const { status, text: said } = install('install_missing build')
    assert.equal(status, 1)
    assert.match(said, /as root:\n\n {4}apt-get update && apt-get install .*libmicrohttpd-dev.*libarchive-dev/)
    assert.ok(!said.includes('never called'))
  })

  test('off Debian: says what has to be there, and goes on where it is', () => {
    rmSync(tempTools, { recursive: true })
    mkdirSync(tempTools)
    const missing = install('install_missing build && echo went on')
    assert.equal(missing.status, 1)
    assert.match(missing.text, /no apt-get here.*\n.*libmicrohttpd/s)
    for (const name of ['cc', 'cmake', 'ninja', 'pkg-config']) tool(join(tempTools, name), 'exit 0')
    const there = install('install_missing build && echo went on')
    assert.deepEqual([there.status, there.text.trim()], [0, 'went on'])
  })
})

