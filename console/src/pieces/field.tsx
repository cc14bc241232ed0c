// Values by their descriptor: how they are shown, and how they are changed. A type that is not known is shown as text.
import { useEffect, useState } from 'preact/hooks'
import type { ComponentChildren, JSX } from 'preact'
import { plainDate, plainText, showDate, showMoment, showMoney, showNumber, toInput, toRest } from '../base/format'
import type { Found } from '../base/names'
import { currencies, directory, funnels, stagesOf, typeOf, types, type Choice, type Field, type Item } from '../base/types'
import { words } from '../base/words'
import { AppField, appTypeOf } from '../apps/field'
import { Chooser } from './chooser'
import { CardLink, Name } from './pieces'
import { Icon } from './icon'
import { Chip, CrmEditor, crmRow, FileEditor, MoneyEditor, Several } from './values'

// The type of row that a field names; 0: a user; null: no row.
export function refersTo(field: Field): number | null {
  const fixed: Record<string, number> = { user: 0, employee: 0, crm_lead: 1, crm_deal: 2, crm_contact: 3, crm_company: 4, crm_quote: 7 }
  if (field.type in fixed) return fixed[field.type]!
  const parent = Number(field.settings?.parentEntityTypeId)
  return parent || null
}

// ---- choices ----

async function choicesOf(field: Field, typeId: number, item: Item | null): Promise<Choice[] | null> {
  if (field.items) return field.items.map(one => ({ id: one.ID, title: one.VALUE }))
  if (field.name === 'stageId') return stagesOf(typeId, Number(item?.categoryId ?? 0))
  if (field.type === 'crm_status') {
    const id = field.statusType ?? String(field.settings?.ENTITY_TYPE ?? '')
    return id ? directory(id) : null
  }
  if (field.type === 'crm_category') return funnels(typeId)
  return field.type === 'crm_currency' ? currencies() : null
}

function useCurrencies(field: Field): Choice[] {
  const [all, setAll] = useState<Choice[]>([])
  useEffect(() => {
    let here = true
    if (field.type === 'money') currencies().then(found => here && setAll(found), () => undefined)
    return () => void (here = false)
  }, [field.type])
  return all
}

export function useChoices(field: Field, typeId: number, item: Item | null): Choice[] | null {
  const [choices, setChoices] = useState<Choice[] | null>(null)
  const funnel = field.name === 'stageId' ? item?.categoryId : 0
  useEffect(() => {
    let here = true
    choicesOf(field, typeId, item).then(found => here && setChoices(found), () => undefined)
    return () => void (here = false)
  }, [field.name, field.type, typeId, funnel])
  return choices
}

// ---- showing ----

interface ShowProps {
  field: Field
  typeId: number
  item: Item
  frames?: boolean // types of applications are shown by their pages, not as texts
}

const listed = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === null || value === undefined || value === '' ? [] : [value])

interface FileValue {
  id?: number | string
  url?: string
  urlMachine?: string
  downloadUrl?: string
}

function showOne(value: unknown, { field, item }: ShowProps, choices: Choice[] | null): ComponentChildren {
  const refers = refersTo(field)
  if (refers !== null) {
    const id = Number(value)
    return !id ? null : refers ? <CardLink typeId={refers} id={id} /> : <Name of={0} id={id} />
  }
  if (choices) return choices.find(one => one.id === String(value))?.title ?? String(value)
  const text = String(value)
  switch (field.type) {
    case 'boolean':
      return value === true || value === 'Y' || value === 1 || value === '1' ? words.yes : words.no
    case 'date':
      return showDate(plainDate(text))
    case 'datetime':
      return showMoment(new Date(text))
    case 'integer':
      return text
    case 'double':
      return field.name === 'opportunity' || field.name === 'taxValue' ? showMoney(Number(value), String(item.currencyId ?? '')) : showNumber(Number(value))
    case 'money': {
      const [amount = '', currency = ''] = text.split('|')
      return showMoney(Number(amount), currency)
    }
    case 'url':
      return /^https?:\/\//.test(text) ? <a href={text} target="_blank" rel="noopener noreferrer">{text}</a> : text
    case 'file': {
      const file = value as FileValue
      const address = file.url ?? file.downloadUrl ?? ''
      return address.startsWith('/') || address.startsWith(location.origin) ? <a href={address} download><Icon name="file" /> {words.file}</a> : words.file
    }
    case 'address':
      return text.split('|')[0]
    case 'crm': {
      const row = crmRow(text)
      return row ? <CardLink typeId={row.typeId} id={row.id} /> : text
    }
    default:
      return typeof value === 'object' ? JSON.stringify(value) : plainText(text)
  }
}

export function Value(props: ShowProps) {
  const choices = useChoices(props.field, props.typeId, props.item)
  const own = appTypeOf(props.field)
  const values = listed(props.item[props.field.name]).filter(value => value !== 0 || refersTo(props.field) === null)
  if (own && props.frames) return <AppField {...props} own={own} value={props.item[props.field.name]} />
  if (!values.length) return <span class="soft">—</span>
  return (
    <>
      {values.map((value, i) => (
        <>{i > 0 && ', '}{showOne(value, props, choices)}</>
      ))}
    </>
  )
}

// ---- changing ----

// One new file is a pair [name, content] itself.
function listedFiles(value: unknown): unknown[] {
  return Array.isArray(value) && typeof value[0] === 'string' ? [value] : listed(value)
}

export function canEdit(field: Field, isNew = false): boolean {
  return !field.isReadOnly && (isNew || !field.isImmutable)
}

interface EditProps extends ShowProps {
  value: unknown
  set: (value: unknown) => void
}

function Chosen({ ids, refers, set, label }: { ids: number[]; refers: number; set: (ids: number[]) => void; label: string }) {
  return (
    <div>
      {ids.map(id => (
        <Chip key={id} remove={() => set(ids.filter(other => other !== id))}>
          <Name of={refers} id={id} />
        </Chip>
      ))}
      <Chooser key={ids.length} label={label} hideLabel of={[refers]} placeholder={words.add} onChoose={(found: Found) => set([...new Set([...ids, found.id])])} />
    </div>
  )
}

export function Editor(props: EditProps) {
  const { field, typeId, item, value, set } = props
  const choices = useChoices(field, typeId, item)
  const all = useCurrencies(field)
  const refers = refersTo(field)
  const label = field.title
  const own = appTypeOf(field)
  if (own) return <AppField field={field} typeId={typeId} item={item} own={own} value={value} set={set} />
  if (refers !== null && field.isMultiple)
    return <Chosen ids={listed(value).map(Number).filter(Boolean)} refers={refers} set={set} label={label} />
  if (refers !== null) return <OneRow key={String(value)} id={Number(value) || 0} refers={refers} set={set} label={label} />
  if (choices && field.isMultiple)
    return (
      <select multiple aria-label={label} onChange={event => set([...event.currentTarget.selectedOptions].map(option => option.value))}>
        {choices.map(one => <option key={one.id} value={one.id} selected={listed(value).map(String).includes(one.id)}>{one.title}</option>)}
      </select>
    )
  if (choices)
    return (
      <select aria-label={label} value={String(value ?? '')} onChange={event => set(event.currentTarget.value)}>
        {!field.isRequired && <option value="">—</option>}
        {choices.map(one => <option key={one.id} value={one.id}>{one.title}</option>)}
      </select>
    )
  if (field.type === 'file') return <FileEditor field={field} values={listedFiles(value)} set={set} />
  if (field.type === 'crm') return <CrmEditor field={field} values={listed(value).map(String)} set={set} />
  const one = (now: unknown, tell: (value: unknown) => void) =>
    field.type === 'money' ? <MoneyEditor label={label} value={now} currencies={all} set={tell} /> : <Plain field={field} value={now} set={tell} />
  return field.isMultiple ? <Several values={listed(value)} set={set} one={one} /> : <>{one(value, set)}</>
}

function OneRow({ id, refers, set, label }: { id: number; refers: number; set: (id: number) => void; label: string }) {
  const [cleared, setCleared] = useState(!id)
  if (!cleared)
    return (
      <Chip remove={() => (setCleared(true), set(0))}>
        <Name of={refers} id={id} />
      </Chip>
    )
  return <Chooser label={label} hideLabel of={[refers]} placeholder={refers ? typeOf(refers).one : words.choose} onChoose={(found: Found) => set(found.id)} />
}

function Plain({ field, value, set }: { field: Field; value: unknown; set: (value: unknown) => void }) {
  const text = value === null || value === undefined ? '' : String(value)
  const onInput = (event: JSX.TargetedEvent<HTMLInputElement | HTMLTextAreaElement>) => set(event.currentTarget.value)
  switch (field.type) {
    case 'boolean':
      return <input type="checkbox" aria-label={field.title} checked={value === true || value === 'Y' || value === 1} onChange={event => set(event.currentTarget.checked ? 'Y' : 'N')} />
    case 'date':
      return <input type="date" aria-label={field.title} value={text.slice(0, 10)} onInput={onInput} />
    case 'datetime':
      return (
        <input
          type="datetime-local" aria-label={field.title} value={text ? toInput(new Date(text)) : ''}
          onInput={event => set(event.currentTarget.value ? toRest(new Date(event.currentTarget.value)) : '')}
        />
      )
    case 'integer':
    case 'double':
      return <input type="number" step={field.type === 'integer' ? 1 : 'any'} aria-label={field.title} value={text} onInput={onInput} />
    case 'text':
      return <textarea rows={4} aria-label={field.title} value={text} onInput={onInput} />
    default:
      return <input aria-label={field.title} value={text} type={field.type === 'url' ? 'url' : 'text'} onInput={onInput} />
  }
}

// What may be filled in for a row that is added, the most needed first.
export function allTypeIds(): number[] {
  return types.value.map(type => type.id)
}
