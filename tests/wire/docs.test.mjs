// The examples of docs/testing.md, as they stand there.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { BIN } from './lib/server.mjs'

const text = readFileSync(fileURLToPath(new URL('../../docs/testing.md', import.meta.url)), 'utf8')
// Beside node_modules, so that the SDK is found.
const dir = fileURLToPath(new URL('./examples.tmp/', import.meta.url))

const languages = [
  { name: 'js', file: 'example.mjs', run: ['node', '--test'], passed: /^# pass 3$/m },
  { name: 'python', file: 'example.py', run: ['python3', '-W', 'error'], passed: /^Ran 3 tests.*\n\nOK$/m },
  { name: 'php', file: 'example.php', run: ['php', '-d', 'zend.assertions=1'], passed: /^passed$/m }
]

describe('the examples of docs/testing.md', () => {
  before(() => mkdirSync(dir, { recursive: true }))
  after(() => rmSync(dir, { recursive: true, force: true }))

  for (const { name, file, run, passed } of languages) {
    test(name, () => {
      const blocks = [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].filter(block => block[1] === name)
      assert.equal(blocks.length, 1)
      writeFileSync(dir + file, blocks[0][2])
      const env = { ...process.env, RAPPORT: BIN }
      delete env.NODE_TEST_CONTEXT // else the inner run reports to the outer one
      const { status, stdout, stderr, error } = spawnSync(run[0], [...run.slice(1), dir + file], {
        encoding: 'utf8',
        timeout: 120_000,
        env
      })
      assert.ifError(error)
      assert.equal(status, 0, stdout + stderr)
      assert.match(stdout + stderr, passed)
    })
  }
})
