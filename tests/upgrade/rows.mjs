// Every row of a portal, as its methods tell it: `get` of all ids, fifty to a batch. What the tests of an
// upgrade compare: answers of the old program with those of the new one on the same data.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'

const PAGE = 50
export const CODE = 'upgradetestcode1'
export const ENTITIES = ['lead', 'deal', 'contact', 'company', 'activity']

// Addresses of files are signed for a time and name the port of their server.
const unsigned = text => text.replace(/(auth=)[^&"\\]*/g, '$1').replace(/127\.0\.0\.1:\d+/g, 'host')

async function call(base, method, params) {
  const answer = await fetch(base + method, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(params)
  })
  const json = await answer.json()
  assert.equal(answer.status, 200, `${method}: ${JSON.stringify(json)}`)
  return json.result
}

async function* pages(base, entity) {
  for (let last = 0; ; ) {
    const list = await call(base, `crm.${entity}.list`, {
      select: ['ID'],
      filter: { '>ID': last },
      order: { ID: 'ASC' },
      start: -1
    })
    if (!list.length) return
    yield list.map(row => Number(row.ID))
    last = Number(list.at(-1).ID)
  }
}

async function getAll(base, entity, ids) {
  const cmd = Object.fromEntries(ids.map(id => [id, `crm.${entity}.get?id=${id}`]))
  const { result, result_error } = await call(base, 'batch', { cmd })
  assert.equal(Object.keys(result_error).length, 0, JSON.stringify(result_error).slice(0, 500))
  return result
}

// Calls seen(entity, id, row) for each row, in the order of ids.
export async function eachRow(base, entity, seen) {
  let ahead = null
  const settle = async part => {
    const result = await part.answer
    for (const id of part.ids) seen(entity, id, result[id])
  }
  for await (const ids of pages(base, entity)) {
    assert.ok(ids.length <= PAGE)
    const part = { ids, answer: getAll(base, entity, ids) }
    if (ahead) await settle(ahead)
    ahead = part
  }
  if (ahead) await settle(ahead)
}

// A row cut to the fields that the old program told, as text.
export function row_text(row, names) {
  const kept = names.map(name => [name, name in row ? row[name] : 'is missing'])
  return unsigned(JSON.stringify(kept))
}

export const digest = text => createHash('sha1').update(text).digest('base64')
