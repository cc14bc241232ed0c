// The methods, from the server's own description (OpenAPI): find one, see what it takes and answers, try it.
import { useMemo, useState } from 'preact/hooks'
import { call, page } from '../base/rest'
import { href } from '../base/router'
import { useRead } from '../base/store'
import { Reading } from '../pieces/pieces'
import { complain } from '../pieces/toast'
import type { ScreenProps } from '../screens'
import { Json } from './json'
import { words } from './words'

interface Schema {
  type?: string | string[]
  title?: string
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  enum?: unknown[]
  $ref?: string
  anyOf?: Schema[]
  oneOf?: Schema[]
  additionalProperties?: Schema | boolean
}

interface Operation {
  operationId: string
  summary: string
  externalDocs?: { url: string }
  'x-scope': string
  'x-writes': boolean
  requestBody: { content: { 'application/json': { schema: Schema } } }
  responses: Record<string, { description: string; content?: { 'application/json': { schema: Schema } } }>
}

interface Document {
  paths: Record<string, { post: Operation }>
  components: { schemas: Record<string, Schema> }
}

const DEEP = 3

function typeText(schema: Schema): string {
  if (schema.$ref) return schema.$ref.split('/').at(-1)!
  const type = Array.isArray(schema.type) ? schema.type.join(' | ') : (schema.type ?? 'any')
  return type === 'array' && schema.items ? `${typeText(schema.items)}[]` : type
}

function resolve(document: Document, schema: Schema | undefined): Schema {
  for (let i = 0; schema?.$ref && i < 5; i++) schema = document.components.schemas[schema.$ref.split('/').at(-1)!]
  return schema ?? {}
}

function Shape({ document, schema, depth = 0 }: { document: Document; schema: Schema; depth?: number }) {
  const at = resolve(document, schema)
  const inner = at.type === 'array' ? resolve(document, at.items) : at
  const properties = Object.entries(inner.properties ?? {})
  if (!properties.length || depth > DEEP) return null
  return (
    <ul class="shape">
      {properties.map(([name, one]) => {
        const full = resolve(document, one)
        const more = full.properties || (full.type === 'array' && resolve(document, full.items).properties)
        return (
          <li key={name}>
            <code>{name}</code> <small class="soft">{typeText(one)}{inner.required?.includes(name) && ` · ${words.required}`}</small>{' '}
            {(one.description ?? full.title) && <small>{one.description ?? full.title}</small>}
            {full.enum && <small class="soft"> {full.enum.map(String).join(' | ')}</small>}
            {more && (depth < 1 ? <Shape document={document} schema={one} depth={depth + 1} /> : (
              <details><summary>{Object.keys(full.properties ?? resolve(document, full.items).properties ?? {}).length}</summary><Shape document={document} schema={one} depth={depth + 1} /></details>
            ))}
          </li>
        )
      })}
    </ul>
  )
}

// What a call could begin with: what must be given.
function example(document: Document, schema: Schema, depth = 0): unknown {
  const at = resolve(document, schema)
  if (at.enum) return at.enum[0]
  const type = Array.isArray(at.type) ? at.type[0] : at.type
  if (type === 'object' || at.properties)
    return Object.fromEntries(
      Object.entries(at.properties ?? {}).filter(([name]) => at.required?.includes(name) && depth < DEEP).map(([name, one]) => [name, example(document, one, depth + 1)])
    )
  return type === 'integer' || type === 'number' ? 1 : type === 'boolean' ? true : type === 'array' ? [] : ''
}

function Method({ document, operation }: { document: Document; operation: Operation }) {
  const params = operation.requestBody.content['application/json'].schema
  const answer = operation.responses['200']?.content?.['application/json'].schema
  const [text, setText] = useState(() => JSON.stringify(example(document, params), null, 2))
  const [told, setTold] = useState<unknown>()
  const [busy, setBusy] = useState(false)
  async function submit(event: SubmitEvent) {
    event.preventDefault()
    let given: unknown
    try {
      given = JSON.parse(text || '{}')
      if (typeof given !== 'object' || given === null) throw new Error(words.notJson)
    } catch (error) {
      return complain(error)
    }
    setBusy(true)
    try {
      setTold(await call(operation.operationId, given as Record<string, unknown>))
    } catch (error) {
      setTold(error)
    }
    setBusy(false)
  }
  const wrong = told instanceof Error ? { error: (told as Error & { code?: string }).code, error_description: told.message } : null
  return (
    <article class="method-page">
      <h2>{operation.operationId}</h2>
      <p>{operation.summary}</p>
      <p class="soft">
        <span class={operation['x-writes'] ? 'tag warning' : 'tag'}>{operation['x-writes'] ? words.writes : words.reads}</span>{' '}
        {operation['x-scope'] && <>{words.scope}: <code>{operation['x-scope']}</code></>}{' '}
        {operation.externalDocs && <a href={operation.externalDocs.url} target="_blank" rel="noopener noreferrer">{words.docs}</a>}
      </p>
      <h3>{words.tryIt}</h3>
      <form onSubmit={submit}>
        <label><span>{words.body}</span><textarea class="code" rows={Math.min(16, text.split('\n').length + 1)} spellcheck={false} value={text} onInput={event => setText(event.currentTarget.value)} /></label>
        <button disabled={busy}>{words.call}</button>
      </form>
      {told !== undefined && <Json label={words.answer} value={wrong ?? told} />}
      <h3>{words.params}</h3>
      <Shape document={document} schema={params} />
      <h3>{words.result}</h3>
      {answer && <Shape document={document} schema={resolve(document, answer).properties?.result ?? {}} />}
      <h3>{words.errors}</h3>
      <ul class="plain-list">
        {Object.entries(operation.responses).filter(([status]) => status !== '200').map(([status, one]) => <li key={status}><b>{status}</b> {one.description}</li>)}
      </ul>
    </article>
  )
}

export default function Explorer({ args }: ScreenProps) {
  const [text, setText] = useState('')
  const read = useRead('openapi', [], () => page<Document>('/openapi.json'))
  const all = useMemo(() => Object.values(read.data?.paths ?? {}).map(path => path.post), [read.data])
  const parts = text.toLowerCase().split(/[\s.]+/).filter(Boolean)
  const found = all.filter(one => parts.every(part => one.operationId.toLowerCase().includes(part) || one.summary.toLowerCase().includes(part)))
  const chosen = all.find(one => one.operationId === args[0])
  return (
    <>
      <h1>{words.explorer}</h1>
      <Reading read={read}>
        {() => (
          <div class="explorer">
            <div class="side">
              <label><span>{words.find}</span><input type="search" value={text} onInput={event => setText(event.currentTarget.value)} /></label>
              <small class="soft">{words.methods(found.length)}</small>
              <ul class="plain-list methods">
                {found.map(one => (
                  <li key={one.operationId}>
                    <a href={href('explorer', one.operationId)} aria-current={one === chosen ? 'page' : undefined}>{one.operationId}</a>
                  </li>
                ))}
              </ul>
            </div>
            {chosen ? <Method key={chosen.operationId} document={read.data!} operation={chosen} /> : <p class="empty">{words.pick}</p>}
          </div>
        )}
      </Reading>
    </>
  )
}
