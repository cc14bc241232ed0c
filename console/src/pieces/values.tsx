// How values are changed that are more than a line of text: amounts with a currency, files, rows of any type, several of a kind.
import { useRef, useState } from 'preact/hooks'
import type { ComponentChildren } from 'preact'
import type { Found } from '../base/names'
import { types, type Choice, type Field } from '../base/types'
import { words } from '../base/words'
import { Chooser } from './chooser'
import { Icon } from './icon'
import { Name } from './pieces'
import { complain } from './toast'

export function Chip({ children, remove }: { children: ComponentChildren; remove: () => void }) {
  return (
    <span class="chip">
      {children}
      <button type="button" class="bare" aria-label={words.remove} onClick={remove}>
        <Icon name="close" />
      </button>
    </span>
  )
}

// ---- amounts: "10.5|USD" ----

export function MoneyEditor({ label, value, currencies, set }: { label: string; value: unknown; currencies: Choice[]; set: (value: string) => void }) {
  const [amount = '', currency = ''] = String(value ?? '').split('|')
  const chosen = currency || currencies[0]?.id || ''
  const told = (number: string, of: string) => set(number === '' ? '' : `${number}|${of}`)
  return (
    <span class="money">
      <input type="number" step="any" aria-label={label} value={amount} onInput={event => told(event.currentTarget.value, chosen)} />
      <select aria-label={`${label}: ${words.currency}`} value={chosen} onChange={event => told(amount, event.currentTarget.value)}>
        {!currencies.some(one => one.id === chosen) && <option value={chosen}>{chosen}</option>}
        {currencies.map(one => <option key={one.id} value={one.id}>{one.id}</option>)}
      </select>
    </span>
  )
}

// ---- several: one line each, and one more ----

interface SeveralProps {
  values: unknown[]
  set: (values: unknown[]) => void
  one: (value: unknown, set: (value: unknown) => void) => ComponentChildren
}

// Each line keeps a key of its own, so that taking one out does not put the others' input and focus elsewhere.
export function Several({ values, set, one }: SeveralProps) {
  const last = useRef(0)
  const [lines, setLines] = useState(() => (values.length ? values : ['']).map(value => ({ key: ++last.current, value })))
  const change = (now: typeof lines) => {
    setLines(now)
    set(now.map(line => line.value).filter(value => value !== '' && value !== null && value !== undefined))
  }
  return (
    <div class="several">
      {lines.map(line => (
        <div class="row" key={line.key}>
          {one(line.value, value => change(lines.map(other => (other.key === line.key ? { ...other, value } : other))))}
          <button type="button" class="bare" aria-label={words.remove} onClick={() => change(lines.filter(other => other.key !== line.key))}>
            <Icon name="close" />
          </button>
        </div>
      ))}
      <button type="button" class="plain small" onClick={() => setLines([...lines, { key: ++last.current, value: '' }])}>
        <Icon name="plus" /> {words.add}
      </button>
    </div>
  )
}

// ---- files: {id, url} are there, [name, base64] are new ----

type Upload = [string, string]

function read(file: File): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve([file.name, String(reader.result).replace(/^.*,/, '')])
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(file)
  })
}

export function FileEditor({ field, values, set }: { field: Field; values: unknown[]; set: (value: unknown) => void }) {
  const tell = (now: unknown[]) => set(field.isMultiple ? now : (now.at(-1) ?? ''))
  const take = async (list: FileList | null) => {
    try {
      const fresh = await Promise.all([...(list ?? [])].map(read))
      if (fresh.length) tell(field.isMultiple ? [...values, ...fresh] : fresh)
    } catch (error) {
      complain(error)
    }
  }
  return (
    <div>
      {values.map((value, i) => (
        <Chip key={i} remove={() => tell(values.filter((_, at) => at !== i))}>
          <Icon name="file" /> {Array.isArray(value) ? String(value[0]) : `${words.file} ${(value as { id?: number }).id ?? ''}`}
        </Chip>
      ))}
      <input
        type="file" aria-label={field.title} multiple={field.isMultiple}
        onChange={event => {
          void take(event.currentTarget.files)
          event.currentTarget.value = ''
        }}
      />
    </div>
  )
}

// What the server is told of files: those that stay by their ids.
export function filesToRest(value: unknown): unknown {
  const one = (file: unknown) => (file && typeof file === 'object' && !Array.isArray(file) ? { id: (file as { id: unknown }).id } : file)
  const isUpload = Array.isArray(value) && typeof value[0] === 'string'
  return Array.isArray(value) && !isUpload ? value.map(one) : one(value)
}

// ---- rows of the types that a field of the type crm names: "C_15" ----

const codes: Record<string, [number, string]> = { LEAD: [1, 'L'], DEAL: [2, 'D'], CONTACT: [3, 'C'], COMPANY: [4, 'CO'], QUOTE: [7, 'Q'], SMART_INVOICE: [31, 'SI'] }

export function crmRow(text: string): { typeId: number; id: number } | null {
  const [, code = '', id = ''] = /^([A-Z]+[\da-f]*)_(\d+)$/.exec(text) ?? []
  const dynamic = /^T([\da-f]+)$/.exec(code)
  const typeId = dynamic ? parseInt(dynamic[1]!, 16) : Object.values(codes).find(([, short]) => short === code)?.[0]
  return typeId ? { typeId, id: Number(id) } : null
}

function crmCode({ typeId, id }: { typeId: number; id: number }): string {
  const short = Object.values(codes).find(([type]) => type === typeId)?.[1] ?? `T${typeId.toString(16)}`
  return `${short}_${id}`
}

export function crmTypes(field: Field): number[] {
  const named = Object.entries(field.settings ?? {}).filter(([, on]) => on === 'Y').map(([name]) => codes[name]?.[0] ?? (Number(/^DYNAMIC_(\d+)$/.exec(name)?.[1]) || 0))
  const known = named.filter(id => types.value.some(type => type.id === id))
  return known.length ? known : [1]
}

export function CrmEditor({ field, values, set }: { field: Field; values: string[]; set: (value: unknown) => void }) {
  const tell = (now: string[]) => set(field.isMultiple ? now : (now.at(-1) ?? ''))
  const add = (found: Found) => tell(field.isMultiple ? [...new Set([...values, crmCode(found)])] : [crmCode(found)])
  return (
    <div>
      {values.map(text => {
        const row = crmRow(text)
        return (
          <Chip key={text} remove={() => tell(values.filter(other => other !== text))}>
            {row ? <Name of={row.typeId} id={row.id} /> : text}
          </Chip>
        )
      })}
      {(field.isMultiple || !values.length) && (
        <Chooser key={values.join()} label={field.title} hideLabel of={crmTypes(field)} placeholder={words.add} onChoose={add} />
      )}
    </div>
  )
}
