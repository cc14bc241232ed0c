// A new row: what must be filled in, and what most rows have.
import { useState } from 'preact/hooks'
import { go, href } from '../base/router'
import { rest } from '../base/rest'
import { touch } from '../base/store'
import { shown, typeOf, type Field, type Item } from '../base/types'
import { words as common } from '../base/words'
import { canEdit, Editor } from '../pieces/field'
import { Dialog } from '../pieces/pieces'
import { attempt } from '../pieces/toast'
import { words } from './words'

const USUAL = ['title', 'name', 'lastName', 'post', 'categoryId', 'opportunity', 'companyId', 'contactIds', 'assignedById']

export function NewItem({ typeId, fields, close }: { typeId: number; fields: Field[]; close: () => void }) {
  const type = typeOf(typeId)
  const [values, setValues] = useState<Record<string, unknown>>({})
  const [busy, setBusy] = useState(false)
  const asked = shown(fields).filter(field => canEdit(field, true) && (field.isRequired || USUAL.includes(field.name)))
  async function submit(event: SubmitEvent) {
    event.preventDefault()
    setBusy(true)
    let made = 0
    const done = await attempt(async () => {
      const { item } = await rest<{ item: Item }>('crm.item.add', { entityTypeId: typeId, useOriginalUfNames: 'Y', fields: values })
      made = item.id
    })
    setBusy(false)
    if (!done) return
    touch(String(typeId))
    close()
    go(href('card', typeId, made))
  }
  return (
    <Dialog title={words.addTitle(type.one)} onClose={close}>
      <form onSubmit={submit} class="fields">
        {asked.map(field => (
          <div class="field" key={field.name}>
            <span class="label">{field.title}{field.isRequired && ' *'}</span>
            <Editor field={field} typeId={typeId} item={values as Item} value={values[field.name]} set={value => setValues(now => ({ ...now, [field.name]: value }))} />
          </div>
        ))}
        <button disabled={busy}>{common.add}</button>
      </form>
    </Dialog>
  )
}
