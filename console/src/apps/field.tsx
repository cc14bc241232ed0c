// A field whose type an application made (userfieldtype.add): it is shown, and changed, by a page of the application's.
// Page: api-reference/widgets/user-field.
import { useState } from 'preact/hooks'
import { typeOf, type Field, type Item } from '../base/types'
import { useRead } from '../base/store'
import { plainText } from '../base/format'
import { frameAddress, readApps } from './apps'
import { codeOf } from './places'
import { HostFrame } from './host'

export interface AppType {
  app: number
  type: string
}

// "rest_5_color": the type "color" of the application 5.
export function appTypeOf(field: Field): AppType | null {
  const [, app, type] = /^rest_(\d+)_(\w+)$/.exec(field.type) ?? []
  return app && type ? { app: Number(app), type } : null
}

interface Props {
  own: AppType
  field: Field
  typeId: number
  item: Item
  value: unknown
  set?: (value: unknown) => void // there is none where it is only shown
}

export function AppField({ own, field, typeId, item, value, set }: Props) {
  const { data } = useRead('apps', ['apps'], readApps)
  // Each setValue would open another frame.
  const [begun] = useState(value)
  if (!data) return null
  const shown = [value].flat().filter(one => one !== null && one !== undefined).map(one => plainText(String(one))).join(', ')
  if (!data.some(app => app.id === own.app && app.installed))
    return set ? <input aria-label={field.title} value={shown} onInput={event => set(event.currentTarget.value)} /> : shown ? <>{shown}</> : <span class="soft">—</span>
  const options = {
    MODE: set ? 'edit' : 'view', ENTITY_ID: codeOf(typeId, '').replace(/_$/, ''), FIELD_NAME: field.name, ENTITY_VALUE_ID: String(item.id ?? 0),
    MULTIPLE: field.isMultiple ? 'Y' : 'N', MANDATORY: field.isRequired ? 'Y' : 'N', XML_ID: null
  }
  return <HostFrame key={set ? 'edit' : `view ${shown}`} address={frameAddress(own.app, own.type)} options={{ ...options, VALUE: (set ? begun : value) ?? '' }} title={`${typeOf(typeId).one}: ${field.title}`} onValue={set} />
}
