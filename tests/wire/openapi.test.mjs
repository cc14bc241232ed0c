// /openapi.json and `rapport openapi`: valid as OpenAPI 3.1, and good enough to type a client that works.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Validator } from '@seriousme/openapi-schema-validator'
import openapiTS, { astToString } from 'openapi-typescript'
import { CODE, Server, rapport, tempDir } from './lib/server.mjs'

const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')

// A client as somebody writes it: the types know methods, parameters and answers.
const CLIENT = `
import type { paths } from './api.js'

type Body<P extends keyof paths> = NonNullable<paths[P]['post']['requestBody']>['content']['application/json']
type Answer<P extends keyof paths> = paths[P]['post']['responses'][200]['content']['application/json']

export async function call<P extends keyof paths>(base: string, path: P, body: Body<P>): Promise<Answer<P>> {
  const answer = await fetch(base + path, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body)
  })
  if (!answer.ok) throw new Error(await answer.text())
  return (await answer.json()) as Answer<P>
}

export async function complete(base: string, id: number): Promise<string> {
  const done = await call(base, '/crm.activity.update', { id, fields: { COMPLETED: 'Y', RESULT_MARK: 1 } })
  const isTrue: boolean = done.result
  if (!isTrue) throw new Error('not done')
  const activity = await call(base, '/crm.activity.get', { id })
  return \`\${activity.result.SUBJECT}: \${activity.result.COMPLETED}\`
}

export function wrong() {
  // @ts-expect-error: the parameter is a number
  void call('', '/crm.activity.get', { id: 'one' })
  // @ts-expect-error: there is no such method
  void call('', '/crm.activity.got', { id: 1 })
}
`

describe('OpenAPI', () => {
  const dir = tempDir()
  let server, document
  before(async () => {
    server = await Server.start()
    const answer = await fetch(`${server.url}openapi.json`)
    assert.match(answer.headers.get('content-type'), /^application\/json/)
    document = await answer.json()
  })
  after(async () => {
    await server.stop()
    rmSync(dir, { recursive: true })
  })

  test('is valid 3.1, and each reference in it leads somewhere', async () => {
    const validator = new Validator()
    const found = await validator.validate(structuredClone(document))
    assert.deepEqual(found.errors ?? [], [])
    assert.equal(validator.version, '3.1')
    const known = new Set(Object.keys(document.components.schemas).map(name => `#/components/schemas/${name}`))
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(match => match[1])
    assert.ok(references.length > 300)
    for (const reference of references) assert.ok(known.has(reference), reference)
  })

  test('has each method that is there, with what its page says of errors', async () => {
    const { result } = (await server.call('methods', {})).json
    const paths = Object.keys(document.paths).map(path => path.slice(1))
    assert.deepEqual(result.filter(name => !paths.includes(name)), [])
    assert.match(document.paths['/crm.deal.update'].post.responses[400].description, /Access denied/)
    assert.equal(document.servers[0].url, `${server.url}rest/{user_id}/{code}`)
  })

  test('a credential shows what the portal has of its own; without one nobody sees it', async () => {
    await server.result('crm.deal.userfield.add', { fields: { FIELD_NAME: 'ORDER', USER_TYPE_ID: 'string' } })
    await server.result('crm.deal.userfield.add', { fields: { FIELD_NAME: 'SIZES', USER_TYPE_ID: 'integer', MULTIPLE: 'Y' } })
    const { type } = await server.result('crm.type.add', { fields: { title: 'Equipment' } })
    const read = async query => (await fetch(`${server.url}openapi.json${query}`)).json()
    const own = await read(`?auth=${CODE}`), plain = await read('')
    assert.ok(own.components.schemas.DealRow.properties.UF_CRM_ORDER)
    assert.deepEqual(own.components.schemas.DealRow.properties.UF_CRM_SIZES.items, { type: ['string', 'null'] })
    assert.deepEqual(own.components.schemas.DealNew.properties.UF_CRM_SIZES.items, { type: ['integer', 'null'] })
    assert.equal(plain.components.schemas.DealRow.properties.UF_CRM_ORDER, undefined)
    const item = `Item${type.entityTypeId}`
    assert.equal(own.components.schemas[item].title, 'Equipment')
    assert.ok(own.components.schemas[item].properties.createdTime)
    assert.equal(plain.components.schemas[item], undefined)
    assert.equal((await fetch(`${server.url}openapi.json?auth=wrong`)).status, 401)
    const made = JSON.parse(rapport('webhook', 'add', '--user', '3', '--scope', 'user_brief', '--json', '--data', server.dir).out)
    assert.deepEqual((await read(`?auth=${made.code}`)).components, plain.components, 'without the scope crm nothing of it')
    // Whoever may read leads alone hears of the fields of leads alone, and of no type of the portal's.
    await server.result('crm.lead.userfield.add', { fields: { FIELD_NAME: 'LEADS', USER_TYPE_ID: 'string' } })
    const role = (...args) => JSON.parse(rapport('role', ...args, '--json', '--data', server.dir).out).id
    const few = `${role('add', '--name', 'Leads alone')}`
    role('set', '--id', few, '--type', 'lead', '--action', 'read', '--level', 'all')
    role('unassign', '--id', '1', '--everybody')
    role('assign', '--id', few, '--user', '4')
    const narrow = JSON.parse(rapport('webhook', 'add', '--user', '4', '--scope', 'crm', '--json', '--data', server.dir).out)
    const leads = await read(`?auth=${narrow.code}`)
    assert.ok(leads.components.schemas.LeadRow.properties.UF_CRM_LEADS)
    assert.ok(leads.components.schemas.Item1.properties.ufCrmLeads)
    assert.equal(leads.components.schemas[item], undefined)
    const others = schemas => Object.fromEntries(Object.entries(schemas).filter(([name]) => !/^(Lead(Row|New|Change)|Item1)$/.test(name)))
    assert.deepEqual(others(leads.components.schemas), others(plain.components.schemas))
    const now = await read(`?auth=${CODE}`)
    const told = JSON.parse(rapport('openapi', '--data', server.dir, '--url', 'https://crm.example').out)
    assert.deepEqual(told.components, now.components)
    assert.equal(told.servers[1].url, 'https://crm.example/rest')
    assert.deepEqual(JSON.parse(rapport('openapi').out).components, plain.components)
  })

  test('an item is one of the types, those of the portal among them', async () => {
    const own = await (await fetch(`${server.url}openapi.json?auth=${CODE}`)).json()
    const shown = method => own.paths[`/${method}`].post.responses[200].content['application/json'].schema.properties.result.properties
    const of = schema => schema.anyOf.map(one => one.$ref.split('/').at(-1))
    const types = of(shown('crm.item.get').item)
    assert.ok(types.includes('Item2') && types.includes('Item31') && types.length > 6)
    assert.deepEqual(types.filter(name => !own.components.schemas[name]), [])
    assert.deepEqual(of(shown('crm.item.list').items.items), types)
    assert.equal(shown('crm.item.fields').fields.additionalProperties.properties.isReadOnly.type, 'boolean')
    // Nothing is told of less than what a client could use: no answer is a bare object.
    const bare = Object.entries(own.paths).filter(([, path]) => {
      const { result } = path.post.responses[200].content['application/json'].schema.properties
      return result.type === 'object' && !result.properties && !result.additionalProperties && !result.description
    })
    assert.deepEqual(bare.map(([name]) => name), [])
  })

  test('a client typed by it compiles, refuses what is wrong, and calls', { timeout: 120_000 }, async () => {
    writeFileSync(join(dir, 'package.json'), '{"type":"module"}')
    writeFileSync(join(dir, 'api.ts'), astToString(await openapiTS(structuredClone(document))))
    writeFileSync(join(dir, 'client.ts'), CLIENT)
    const run = spawnSync(process.execPath, [
      tsc, '--strict', '--target', 'es2022', '--module', 'nodenext', '--lib', 'es2022,dom',
      '--skipLibCheck', join(dir, 'client.ts'), join(dir, 'api.ts')
    ], { encoding: 'utf8' })
    assert.equal(run.status, 0, run.stdout)
    const { complete } = await import(pathToFileURL(join(dir, 'client.js')))
    const [first] = await server.result('crm.activity.list', { filter: { COMPLETED: 'N' } })
    assert.equal(await complete(server.webhook.slice(0, -1), Number(first.ID)), `${first.SUBJECT}: Y`)
  })
})
