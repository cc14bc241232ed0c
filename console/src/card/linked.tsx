// What names this row in a field of its own, of any type; and its product rows.
import { showMoney, showNumber } from '../base/format'
import { each, rest } from '../base/rest'
import { href } from '../base/router'
import { touch, useRead } from '../base/store'
import { fieldsOf, NAMES, titleOf, typeOf, types, type Item } from '../base/types'
import { words as common } from '../base/words'
import { refersTo } from '../pieces/field'
import { Icon } from '../pieces/icon'
import { Reading } from '../pieces/pieces'
import { attempt, say } from '../pieces/toast'
import { useState } from 'preact/hooks'
import { words } from './words'

interface Group {
  typeId: number
  items: Item[]
  total: number
}

async function readLinked(typeId: number, id: number): Promise<Group[]> {
  const asked: { typeId: number; name: string }[] = []
  const all = await Promise.all(types.value.map(async type => ({ type, fields: await fieldsOf(type.id).catch(() => []) })))
  for (const { type, fields } of all) {
    const field = fields.find(one => refersTo(one) === typeId && !one.name.startsWith('uf') && (type.id !== typeId || one.name.startsWith('parentId')) && one.name !== 'contactId')
    if (field) asked.push({ typeId: type.id, name: field.name })
  }
  const outcomes = await each(asked.map(one => ['crm.item.list', { entityTypeId: one.typeId, filter: { [one.name]: id }, order: { id: 'DESC' }, select: [...NAMES, 'opportunity', 'currencyId'] }]))
  return asked
    .map((one, i): Group => ({ typeId: one.typeId, items: (outcomes[i]?.result as { items: Item[] } | undefined)?.items ?? [], total: outcomes[i]?.total ?? 0 }))
    .filter(group => group.items.length)
}

const SHOWN = 10

export function Linked({ typeId, id }: { typeId: number; id: number }) {
  const read = useRead(`linked ${typeId} ${id}`, types.value.map(type => String(type.id)), () => readLinked(typeId, id))
  if (!read.data?.length) return null
  return (
    <section class="panel" aria-labelledby="linked">
      <h2 id="linked">{words.linked}</h2>
      {read.data.map(group => (
        <div key={group.typeId} class="group">
          <h3>{typeOf(group.typeId).title} <small>{group.total}</small></h3>
          <ul class="plain-list">
            {group.items.slice(0, SHOWN).map(item => (
              <li key={item.id}>
                <a href={href('card', group.typeId, item.id)}>{titleOf(typeOf(group.typeId), item)}</a>
                {Boolean(item.opportunity) && <small> {showMoney(Number(item.opportunity), String(item.currencyId ?? ''))}</small>}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  )
}

// ---- product rows ----

interface Row {
  id: number
  productName: string
  price: number
  quantity: number
  measureName?: string
}

// As product rows name the type of their owner.
function ownerCode(typeId: number): string {
  const codes: Record<number, string> = { 1: 'L', 2: 'D', 7: 'Q', 31: 'SI' }
  return codes[typeId] ?? `T${typeId.toString(16)}`
}

export function Products({ typeId, item }: { typeId: number; item: Item }) {
  const owner = { ownerType: ownerCode(typeId), ownerId: item.id }
  const read = useRead(`products ${typeId} ${item.id}`, [`${typeId}:${item.id}`], () =>
    rest<{ productRows: Row[] }>('crm.item.productrow.list', { filter: { '=ownerType': owner.ownerType, '=ownerId': item.id }, order: { sort: 'ASC' } })
  )
  const [adds, setAdds] = useState(false)
  const currency = String(item.currencyId ?? '')
  const again = () => touch(String(typeId), `${typeId}:${item.id}`)
  async function add(event: SubmitEvent) {
    event.preventDefault()
    const given = new FormData(event.currentTarget as HTMLFormElement)
    const done = await attempt(() =>
      rest('crm.item.productrow.add', { fields: { ...owner, productId: 0, productName: given.get('name'), price: Number(given.get('price')), quantity: Number(given.get('quantity')) } })
    )
    if (!done) return
    setAdds(false)
    again()
  }
  async function remove(row: Row) {
    await attempt(async () => {
      await rest('crm.item.productrow.delete', { id: row.id })
      say(words.removed, async () => {
        await rest('crm.item.productrow.add', { fields: { ...owner, productId: 0, productName: row.productName, price: row.price, quantity: row.quantity } })
        again()
      })
      again()
    })
  }
  return (
    <section class="panel" aria-labelledby="products">
      <h2 id="products">{words.products}</h2>
      <Reading read={read}>
        {() => read.data!.productRows.length > 0 && (
          <div class="wide">
            <table class="small">
              <thead><tr><th scope="col">{words.name}</th><th scope="col">{words.price}</th><th scope="col">{words.quantity}</th><th scope="col">{words.sum}</th><td /></tr></thead>
              <tbody>
                {read.data!.productRows.map(row => (
                  <tr key={row.id}>
                    <th scope="row">{row.productName}</th>
                    <td>{showMoney(row.price, currency)}</td>
                    <td>{showNumber(row.quantity)} {row.measureName}</td>
                    <td>{showMoney(row.price * row.quantity, currency)}</td>
                    <td><button class="bare" aria-label={`${common.remove}: ${row.productName}`} onClick={() => void remove(row)}><Icon name="close" /></button></td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Reading>
      {adds ? (
        <form class="inline" onSubmit={add}>
          <label><span>{words.name}</span><input name="name" required autofocus /></label>
          <label><span>{words.price}</span><input name="price" type="number" step="any" required /></label>
          <label><span>{words.quantity}</span><input name="quantity" type="number" step="any" min="0" value="1" required /></label>
          <button>{common.add}</button>
          <button type="button" class="plain" onClick={() => setAdds(false)}>{common.cancel}</button>
        </form>
      ) : <button class="plain small" onClick={() => setAdds(true)}>{words.addProduct}</button>}
    </section>
  )
}
