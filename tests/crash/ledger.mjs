// What must be in the store: every acknowledged change, no refused one, and of each change without
// an answer either all or nothing.
//
// A change is a list of effects that one request has, a batch several:
//   { add: row } | { set: id, patch } | { remove: id }
// A row is { subject, description, files: [content names] }; subjects and descriptions are unique.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'

export const fileBytes = name =>
  Buffer.alloc(
    2000 + Number.parseInt(createHash('sha1').update(name).digest('hex').slice(0, 4), 16),
    `${name};`
  )

export class Ledger {
  rows = new Map()
  unknown = []
  touched = new Set() // ids whose files are to be read again
  kept = 0
  dropped = 0

  // The answer was a success; ids are those of the added rows, in order.
  acknowledge(change, ids) {
    for (const effect of change) {
      if (effect.add) this.#put(ids.shift(), effect.add)
      else if (effect.set) this.#put(effect.set, { ...this.rows.get(effect.set), ...effect.patch })
      else this.rows.delete(effect.remove)
    }
  }

  #put(id, row) {
    this.rows.set(id, row)
    if (row.files.length) this.touched.add(id)
  }

  // No answer came, or one that says that nobody knows.
  leaveOpen(change) {
    this.unknown.push(change)
  }

  // Decides the open changes by what is there. `found`: Map of id to row as the server has it.
  settle(found) {
    const bySubject = new Map([...found].map(([id, row]) => [row.subject, id]))
    const same = (row, expected) =>
      row && row.description === expected.description && row.files.length === expected.files.length
    for (const change of this.unknown) {
      const happened = change.map(effect => {
        if (effect.add) return bySubject.has(effect.add.subject)
        if (effect.remove) return !found.has(effect.remove)
        return same(found.get(effect.set), { ...this.rows.get(effect.set), ...effect.patch })
      })
      assert.ok(
        happened.every(one => one === happened[0]),
        `half of a request was kept: ${JSON.stringify(change)}: ${happened}`
      )
      if (happened[0])
        this.acknowledge(
          change,
          change.filter(e => e.add).map(e => bySubject.get(e.add.subject))
        )
      if (happened[0]) this.kept++
      else this.dropped++
    }
    this.unknown = []
  }

  // Everything is as it must be; files are compared by the caller, who reads them.
  compare(found) {
    for (const [id, row] of this.rows) {
      const there = found.get(id)
      assert.ok(there, `activity ${id} (${row.subject}) is lost`)
      assert.equal(there.subject, row.subject, `activity ${id}`)
      assert.equal(there.description, row.description, `activity ${id}: an acknowledged change is lost`)
      assert.equal(there.files.length, row.files.length, `activity ${id}: its files`)
    }
    for (const [id, row] of found)
      assert.ok(this.rows.has(id), `activity ${id} (${row.subject}) should not be`)
  }
}
