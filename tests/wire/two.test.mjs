// Two servers on one PostgreSQL: what one checks before it writes must still be so when it is
// committed, whatever the other does meanwhile. Each test lets both act at the same moment, many
// times, and then asks the database whether a rule was broken. None of it may answer 500.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Server, rapport, stores, tempDir } from './lib/server.mjs'

const ROUNDS = 25
const store = stores.find(one => one.url)
const options = { skip: store ? false : 'needs PostgreSQL' }
let one, two

before(async () => {
  if (!store) return
  one = await Server.start({ store, args: ['--log', 'error'] })
  const dir = join(tempDir(), 'second')
  mkdirSync(dir, { mode: 0o700 })
  copyFileSync(join(one.dir, 'secret.key'), join(dir, 'secret.key'))
  two = await Server.start({ store, dir, code: null, args: ['--log', 'error'] })
  const hook = rapport('webhook', 'add', '--user', '1', '--data', one.dir, '--scope', 'crm,user,department', '--json')
  assert.equal(hook.code, 0, hook.err)
  const path = new URL(JSON.parse(hook.out).url).pathname.slice(1)
  for (const server of [one, two]) server.webhook = server.url + path
})

after(async () => {
  try {
    for (const dir of [one?.dir, two && join(two.dir, '..')]) if (dir) rmSync(dir, { recursive: true, force: true })
  } finally {
    Server.killAll()
  }
})

function sql(query) {
  const run = spawnSync('psql', ['-qXAt', '-v', 'ON_ERROR_STOP=1', '-d', store.url, '-c', `SET search_path = portal_1; ${query}`], { encoding: 'utf8' })
  assert.equal(run.status, 0, run.stderr)
  return run.stdout.trim().split('\n').filter(Boolean)
}

// Both at once; the answers, none of which is the server's trouble.
async function race(left, right) {
  const answers = await Promise.all([one.call(...left), two.call(...right)])
  for (const { status, json } of answers) assert.ok(status < 500, JSON.stringify(json))
  return answers
}

async function rounds(once) {
  for (let round = 0; round < ROUNDS; round++) await once(round)
}

const lead = () => one.result('crm.lead.add', { fields: { TITLE: 'Race' } })
const call = (id, type = 1) => ({
  fields: {
    OWNER_TYPE_ID: type,
    OWNER_ID: id,
    TYPE_ID: 2,
    RESPONSIBLE_ID: 1,
    SUBJECT: 'Race',
    COMMUNICATIONS: [{ VALUE: '+4930123456', ENTITY_ID: id, ENTITY_TYPE_ID: type }]
  }
})
const todo = id => ({ ownerTypeId: 1, ownerId: id, deadline: '2030-01-01T10:00:00+00:00', title: 'Race' })

test('an activity is not added to a lead that goes', options, async () => {
  await rounds(async () => {
    const id = await lead()
    await race(['crm.lead.delete', { id }], ['crm.activity.add', call(id)])
  })
  await rounds(async () => {
    const id = await lead()
    await race(['crm.lead.delete', { id }], ['crm.activity.todo.add', todo(id)])
  })
  assert.deepEqual(
    sql('SELECT b.activity_id FROM activity_binding b WHERE b.owner_type_id = 1 AND NOT EXISTS (SELECT 1 FROM lead l WHERE l.id = b.owner_id)'),
    []
  )
  assert.deepEqual(
    sql('SELECT a.id FROM activity a WHERE a.owner_type_id = 1 AND NOT EXISTS (SELECT 1 FROM lead l WHERE l.id = a.owner_id)'),
    []
  )
})

test('a to-do added during a hand-over is the new person’s to see', options, async () => {
  await rounds(async round => {
    const id = await lead()
    const to = round % 2 ? 2 : 3
    await race(['crm.lead.update', { id, fields: { ASSIGNED_BY_ID: to } }], ['crm.activity.todo.add', todo(id)])
  })
  assert.deepEqual(
    sql('SELECT b.activity_id FROM activity_binding b JOIN lead l ON l.id = b.owner_id WHERE b.owner_type_id = 1 AND b.assigned_by_id <> l.assigned_by_id'),
    []
  )
})

test('an activity of two leads goes with the last of them', options, async () => {
  await rounds(async () => {
    const [a, b] = [await lead(), await lead()]
    const activityId = await one.result('crm.activity.add', call(a))
    await one.result('crm.activity.binding.add', { activityId, entityTypeId: 1, entityId: b })
    await race(['crm.lead.delete', { id: a }], ['crm.lead.delete', { id: b }])
  })
  assert.deepEqual(
    sql('SELECT a.id FROM activity a WHERE NOT EXISTS (SELECT 1 FROM activity_binding b WHERE b.activity_id = a.id)'),
    []
  )
})

test('the last binding stays, and a moved one is where one of both wanted it', options, async () => {
  await rounds(async () => {
    const [a, b, c] = [await lead(), await lead(), await lead()]
    const activityId = await one.result('crm.activity.add', call(a))
    await one.result('crm.activity.binding.add', { activityId, entityTypeId: 1, entityId: b })
    await race(
      ['crm.activity.binding.delete', { activityId, entityTypeId: 1, entityId: a }],
      ['crm.activity.binding.delete', { activityId, entityTypeId: 1, entityId: b }]
    )
    const left = await one.result('crm.activity.binding.list', { activityId })
    assert.equal(left.length, 1)
    const source = { activityId, sourceEntityTypeId: 1, sourceEntityId: left[0].entityId, targetEntityTypeId: 1 }
    await race(
      ['crm.activity.binding.move', { ...source, targetEntityId: c }],
      ['crm.activity.binding.move', { ...source, targetEntityId: left[0].entityId === a ? b : a }]
    )
    assert.equal((await one.result('crm.activity.binding.list', { activityId })).length, 1)
  })
})

test('one address is one user', options, async () => {
  await rounds(async round => {
    const user = name => ({ EMAIL: `${name}${round}@example.com`, UF_DEPARTMENT: [1] })
    const answers = await race(['user.add', user('race')], ['user.add', user('Race')])
    assert.deepEqual(answers.map(answer => answer.status).sort(), [200, 400])
    const refused = answers.find(answer => answer.status === 400)
    assert.equal(refused.json.error_description, 'A user with this email already exists')
  })
})

test('a number of an invoice is given once, by hand or by itself', options, async () => {
  const invoice = (title, accountNumber) => ['crm.item.add', { entityTypeId: 31, fields: { title, accountNumber } }]
  await rounds(async round => {
    const answers = await race(invoice('One', `R-${round}`), invoice('Other', `R-${round}`))
    assert.deepEqual(answers.map(answer => answer.status).sort(), [200, 400])
    const last = Number(sql('SELECT max(id) FROM smart_invoice')[0])
    // One asks for the number that the other is about to get by itself.
    await race(invoice('By itself'), invoice('By hand', `${last + 1}`))
  })
  assert.deepEqual(sql('SELECT account_number FROM smart_invoice GROUP BY account_number HAVING count(*) > 1'), [])
  assert.deepEqual(sql("SELECT id FROM smart_invoice WHERE coalesce(account_number, '') = ''"), [])
})

test('a status code is given once; a stage in use is not deleted', options, async () => {
  await rounds(async round => {
    const fields = { ENTITY_ID: 'SOURCE', STATUS_ID: `RACE${round}`, NAME: 'Race', SORT: 900 }
    const answers = await race(['crm.status.add', { fields }], ['crm.status.add', { fields }])
    assert.deepEqual(answers.map(answer => answer.status).sort(), [200, 400])
    const refused = answers.find(answer => answer.status === 400)
    assert.equal(refused.json.error_description, 'The specified status ID already exists.')
  })
  await rounds(async round => {
    const STATUS_ID = `R${round}`
    const id = await one.result('crm.status.add', { fields: { ENTITY_ID: 'STATUS', STATUS_ID, NAME: 'Race', SORT: 15 } })
    await race(['crm.status.delete', { id }], ['crm.lead.add', { fields: { TITLE: 'Race', STATUS_ID } }])
  })
  assert.deepEqual(
    sql("SELECT l.id FROM lead l WHERE NOT EXISTS (SELECT 1 FROM crm_status s WHERE s.entity_id = 'STATUS' AND s.status_id = l.status_id)"),
    []
  )
})

test('departments stay a tree, and people stand in departments that exist', options, async () => {
  const department = NAME => one.result('department.add', { NAME, PARENT: 1 })
  await rounds(async () => {
    const [a, b] = [await department('A'), await department('B')]
    await race(['department.update', { ID: a, PARENT: b }], ['department.update', { ID: b, PARENT: a }])
  })
  assert.deepEqual(
    sql('WITH RECURSIVE below(id) AS (SELECT id FROM department WHERE parent_id IS NULL UNION SELECT d.id FROM department d JOIN below b ON d.parent_id = b.id) SELECT id FROM department WHERE id NOT IN (SELECT id FROM below)'),
    []
  )
  await rounds(async round => {
    const ID = await department('Goes')
    await race(['department.delete', { ID }], ['user.add', { EMAIL: `dep${round}@example.com`, UF_DEPARTMENT: [ID] }])
  })
  await rounds(async round => {
    const [a, b] = [await department('A'), await department('B')]
    const ID = await one.result('user.add', { EMAIL: `both${round}@example.com`, UF_DEPARTMENT: [a, b] })
    await race(['department.delete', { ID: a }], ['department.delete', { ID: b }])
    assert.deepEqual((await one.result('user.get', { ID }))[0].UF_DEPARTMENT, [1])
  })
  assert.deepEqual(
    sql("SELECT m.id FROM member m, LATERAL json_array_elements_text(m.uf_department::json) d(id) WHERE NOT EXISTS (SELECT 1 FROM department x WHERE x.id = d.id::bigint)"),
    []
  )
})

test('links are what both tables say, whichever side is written', options, async () => {
  const contact = await one.result('crm.contact.add', { fields: { NAME: 'Race' } })
  const company = await one.result('crm.company.add', { fields: { TITLE: 'Race' } })
  await rounds(() =>
    race(
      ['crm.contact.update', { id: contact, fields: { COMPANY_IDS: [company] } }],
      ['crm.company.update', { id: company, fields: { CONTACT_ID: [contact] } }]
    )
  )
  await rounds(async () => {
    const id = await one.result('crm.contact.add', { fields: { NAME: 'Goes' } })
    await race(['crm.contact.delete', { id }], ['crm.deal.add', { fields: { TITLE: 'Race', CONTACT_IDS: [id] } }])
  })
  assert.deepEqual(
    sql('SELECT d.id FROM deal d WHERE d.contact_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM contact c WHERE c.id = d.contact_id) UNION ALL SELECT l.deal_id FROM deal_contact l WHERE NOT EXISTS (SELECT 1 FROM contact c WHERE c.id = l.contact_id)'),
    []
  )
})

// Who writes holds the version of the catalog, and who changes the schema has it alone.
test('nobody writes by an old catalog', options, async () => {
  const make = (server, name) =>
    server.result('crm.deal.userfield.add', { fields: { FIELD_NAME: name, USER_TYPE_ID: 'string', SHOW_FILTER: 'I' } })
  await rounds(async round => {
    const name = `UF_CRM_TWO_${round}`
    const [maker, other] = round % 2 ? [one, two] : [two, one]
    const field = await make(maker, name)
    const id = await other.result('crm.deal.add', { fields: { TITLE: 'Two', [name]: `x${round}` } })
    assert.equal((await maker.result('crm.deal.get', { id }))[name], `x${round}`)
    if (round % 3) return
    await maker.result('crm.deal.userfield.delete', { id: field })
    const late = await other.call('crm.deal.update', { id, fields: { [name]: 'lost' } })
    assert.equal(late.status, 400, JSON.stringify(late.json))
  })
  const deal = await one.result('crm.deal.add', { fields: { TITLE: 'Race', UF_CRM_TWO_1: 'x' } })
  await rounds(async round => {
    const field = name => ['crm.deal.userfield.add', { fields: { FIELD_NAME: name, USER_TYPE_ID: 'integer' } }]
    const [left, right] = await race(field(`RACE_A_${round}`), field(`RACE_B_${round}`))
    assert.deepEqual([left.status, right.status], [200, 200])
    await race(field(`RACE_C_${round}`), ['crm.deal.update', { id: deal, fields: { UF_CRM_TWO_1: `y${round}` } }])
  })
  assert.deepEqual(
    sql("SELECT f.id FROM user_field f WHERE f.entity_id = 'CRM_DEAL' AND NOT EXISTS (SELECT 1 FROM information_schema.columns c WHERE c.table_schema = 'portal_1' AND c.table_name = 'deal_uf' AND c.column_name = 'f' || f.id)"),
    []
  )
  assert.equal((await two.result('crm.deal.get', { id: deal })).UF_CRM_TWO_1, `y${ROUNDS - 1}`)
})

test('with nothing to do they write next to nothing, and both stop at once', options, async () => {
  const lease = () => sql('SELECT until FROM event_lease')[0]
  // Rows written in the portal, and transactions of any kind: this test's own looks and PostgreSQL's autovacuum
  // have some, too.
  const rows = () =>
    Number(sql("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables WHERE schemaname = 'portal_1'")[0])
  const commits = () =>
    Number(sql('SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()')[0])
  const changed = async from => {
    while (lease() === from) await sleep(100)
    return lease()
  }
  // From one renewal of the lease to the next, which is seven seconds. PostgreSQL counts what was written before
  // up to ten seconds late, so the first of them may have that as well.
  let until = await changed(lease())
  let written, ended
  for (let n = 0; n < 3; n++) {
    const before = [rows(), commits()]
    until = await changed(until)
    written = rows() - before[0]
    ended = commits() - before[1]
    if (written < 10) break
  }
  assert.ok(written < 10, `${written} rows`)
  assert.ok(ended < 1000, `${ended} transactions`) // asked for again at once, it is 2,000 a second
  for (const server of [two, one]) {
    const asked = Date.now()
    server.kill('SIGTERM')
    assert.deepEqual(await server.exited, { code: 0, signal: null })
    assert.ok(Date.now() - asked < 5000, `${Date.now() - asked} ms`)
  }
  // The one that delivered has given the lease back.
  assert.equal(lease(), '0')
})
