// The types of objects: those that the protocol numbers, and the portal's smart processes; their fields, stages, names.
import { signal } from '@preact/signals'
import { each, read as readRest, type Params } from './rest'
import { choose } from './words'

export interface Type {
  id: number
  title: string // of many: "Deals"
  one: string
  stages: boolean
  funnels: boolean
  products: boolean
  person: boolean // is called by name and lastName
}

const titles = choose(
  { 1: ['Leads', 'Lead'], 2: ['Deals', 'Deal'], 3: ['Contacts', 'Contact'], 4: ['Companies', 'Company'], 7: ['Estimates', 'Estimate'], 31: ['Invoices', 'Invoice'] } as Record<number, string[]>,
  { 1: ['Лиды', 'Лид'], 2: ['Сделки', 'Сделка'], 3: ['Контакты', 'Контакт'], 4: ['Компании', 'Компания'], 7: ['Предложения', 'Предложение'], 31: ['Счета', 'Счёт'] }
)

function core(id: number, stages: boolean, funnels: boolean, products: boolean, person = false): Type {
  const [title = '', one = ''] = titles[id] ?? []
  return { id, title, one, stages, funnels, products, person }
}

const cores: Type[] = [
  core(2, true, true, true),
  core(1, true, false, true),
  core(3, false, false, false, true),
  core(4, false, false, false),
  core(7, true, false, true),
  core(31, true, true, true)
]

export const types = signal<Type[]>(cores)

export function typeOf(id: number): Type {
  return types.value.find(type => type.id === id) ?? { id, title: `#${id}`, one: `#${id}`, stages: false, funnels: false, products: false, person: false }
}

interface SmartType {
  entityTypeId: number
  title: string
  isStagesEnabled: string
  isCategoriesEnabled: string
  isLinkWithProductsEnabled: string
}

export async function readTypes(): Promise<void> {
  const all: Type[] = []
  for (let start: number | undefined = 0; start !== undefined; ) {
    const [outcome]: Awaited<ReturnType<typeof each>> = await each([['crm.type.list', { start, order: { id: 'ASC' } }]])
    const rows = (outcome?.result as { types: SmartType[] } | undefined)?.types ?? []
    for (const row of rows)
      all.push({
        id: row.entityTypeId, title: row.title, one: row.title, person: false, stages: row.isStagesEnabled === 'Y',
        funnels: row.isCategoriesEnabled === 'Y', products: row.isLinkWithProductsEnabled === 'Y'
      })
    start = outcome?.next
  }
  types.value = [...cores, ...all]
}

// ---- fields ----

export interface Field {
  name: string
  type: string
  title: string
  isRequired: boolean
  isReadOnly: boolean
  isImmutable: boolean
  isMultiple: boolean
  isDynamic: boolean
  formLabel?: string
  statusType?: string
  items?: { ID: string; VALUE: string }[]
  settings?: Record<string, unknown>
}

// What a person does not look for in a card or a list: names of the classic dialect, kept for old programs.
const hidden = new Set([
  'contactId', 'dateCreateShort', 'dateModifyShort', 'productId', 'begindateShort', 'closedateShort', 'eventDate',
  'eventDateShort', 'eventId', 'eventDescription', 'searchContent', 'orderStage', 'isWork', 'isWon', 'isLose', 'receivedAmount',
  'lostAmount', 'hasProducts', 'stageSemanticId', 'entityTypeId', 'hasPhone', 'hasEmail', 'hasImol', 'isManualOpportunity',
  'accountCurrencyId', 'taxValueAccount', 'opportunityAccount', 'isRecurring', 'shortName', 'login', 'phoneMobile', 'phoneWork',
  'phoneMailing', 'emailHome', 'emailWork', 'emailMailing', 'imol', 'email', 'phone', 'currencyId', 'previousStageId', 'originVersion',
  'companyIds', 'isNew', 'isReturnCustomer', 'isRepeatedApproach', 'closed', 'webformId', 'isMyCompany'
])

const fieldReads = new Map<number, Promise<Field[]>>()

export function fieldsOf(typeId: number): Promise<Field[]> {
  let read = fieldReads.get(typeId)
  if (!read) {
    read = readRest<{ fields: Record<string, Omit<Field, 'name'>> }>('crm.item.fields', { entityTypeId: typeId, useOriginalUfNames: 'Y' })
      .then(({ fields }) => Object.entries(fields).map(([name, field]) => ({ ...field, name, title: field.formLabel || field.title })))
    read.catch(() => fieldReads.delete(typeId))
    fieldReads.set(typeId, read)
  }
  return read
}

export function shown(fields: Field[]): Field[] {
  return fields.filter(field => !hidden.has(field.name) && !field.name.startsWith('utm') && field.type !== 'crm_multifield')
}

// ---- directories ----

export interface Choice {
  id: string
  title: string
  color?: string
  semantics?: string // P, S, F
}

const directoryReads = new Map<string, Promise<Choice[]>>()

interface StatusRow {
  STATUS_ID: string
  NAME: string
  COLOR: string | null
  SEMANTICS: string | null
}

function remember(key: string, read: () => Promise<Choice[]>): Promise<Choice[]> {
  let found = directoryReads.get(key)
  if (!found) {
    found = read()
    found.catch(() => directoryReads.delete(key))
    directoryReads.set(key, found)
  }
  return found
}

export function directory(id: string): Promise<Choice[]> {
  return remember(id, async () => {
    const rows = await readRest<StatusRow[]>('crm.status.list', { filter: { ENTITY_ID: id }, order: { SORT: 'ASC' } })
    return rows.map(row => ({ id: row.STATUS_ID, title: row.NAME, color: row.COLOR ?? undefined, semantics: row.SEMANTICS ?? 'P' }))
  })
}

export function currencies(): Promise<Choice[]> {
  return remember('currency', async () => {
    const rows = await readRest<{ CURRENCY: string; FULL_NAME: string | null }[]>('crm.currency.list', { order: { SORT: 'ASC' } })
    return rows.map(row => ({ id: row.CURRENCY, title: row.FULL_NAME ? `${row.CURRENCY} ${row.FULL_NAME}` : row.CURRENCY }))
  })
}

export function funnels(typeId: number): Promise<Choice[]> {
  return remember(`funnels ${typeId}`, async () => {
    const { categories } = await readRest<{ categories: { id: number; name: string }[] }>('crm.category.list', { entityTypeId: typeId })
    return categories.map(row => ({ id: String(row.id), title: row.name }))
  })
}

// The directory of a funnel's stages.
export function stageDirectory(typeId: number, funnel: number): string {
  if (typeId === 1) return 'STATUS'
  if (typeId === 7) return 'QUOTE_STATUS'
  if (typeId === 2) return funnel ? `DEAL_STAGE_${funnel}` : 'DEAL_STAGE'
  return typeId === 31 ? `SMART_INVOICE_STAGE_${funnel}` : `DYNAMIC_${typeId}_STAGE_${funnel}`
}

export function stagesOf(typeId: number, funnel: number): Promise<Choice[]> {
  return directory(stageDirectory(typeId, funnel))
}

export function forgetDirectories(): void {
  directoryReads.clear()
  fieldReads.clear()
}

// ---- items ----

export type Item = Record<string, unknown> & { id: number }

export function titleOf(type: Type, item: Item): string {
  if (type.person) {
    const name = [item.name, item.lastName].filter(Boolean).join(' ')
    return name || `${type.one} ${item.id}`
  }
  return String(item.title ?? '') || `${type.one} ${item.id}`
}

export const NAMES = ['id', 'title', 'name', 'lastName']

export function listParams(typeId: number, params: Params): Params {
  return { entityTypeId: typeId, useOriginalUfNames: 'Y', ...params }
}
