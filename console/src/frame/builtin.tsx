// The interface that an application describes and this page draws, in place of a frame of the application's: its frame is there,
// unseen, and says what is shown (useBuiltInInterface of CRM_*_DETAIL_ACTIVITY).
// Page: api-reference/widgets/crm/detail-activity-area.
import { signal, type Signal } from '@preact/signals'
import { useEffect, useId } from 'preact/hooks'
import type { ComponentChildren } from 'preact'
import { placeOfPath } from './path'

interface Action {
  type?: string
  value?: unknown
  uri?: string
  sliderParams?: { title?: string; width?: number }
}

interface Block {
  type?: string
  visible?: boolean
  properties?: Properties
}

interface Properties {
  value?: unknown
  text?: string
  title?: string
  placeholder?: string
  errorText?: string
  disabled?: boolean
  multiline?: boolean
  bold?: boolean
  inline?: boolean
  size?: string
  color?: string
  type?: string
  imageSrc?: string
  imageSize?: string
  selectedValue?: string
  values?: Record<string, string>
  action?: Action
  block?: Block
  blocks?: Record<string, Block>
}

interface Button {
  title?: string
  state?: string
}

export interface Layout {
  blocks?: Record<string, Block>
  primaryButton?: Button | null
  secondaryButton?: Button | null
}

// What is told to the frame: of one block, or of any ('').
type Tell = (value?: unknown) => void
export type Heard = 'layout' | 'value' | 'primary' | 'secondary' | 'entity'

export interface BuiltIn {
  layout: Signal<Layout | null>
  locked: Signal<boolean>
  listen(what: Heard, block: string, tell: Tell): void
  tell(what: Heard, block: string, value?: unknown): void
}

export function newBuiltIn(): BuiltIn {
  const listeners: { what: Heard; block: string; tell: Tell }[] = []
  return {
    layout: signal(null),
    locked: signal(false),
    listen: (what, block, tell) => listeners.push({ what, block, tell }),
    tell: (what, block, value) => {
      for (const one of listeners) if (one.what === what && (!one.block || one.block === block)) one.tell(value)
    }
  }
}

// The block of that name, wherever it stands, with what `change` makes of it.
function changed(blocks: Record<string, Block> | undefined, id: string, change: (block: Block) => Block): Record<string, Block> {
  return Object.fromEntries(
    Object.entries(blocks ?? {}).map(([key, block]) => {
      const mine = key === id ? change(block) : block
      const within = mine.properties?.blocks
      return [key, within ? { ...mine, properties: { ...mine.properties, blocks: changed(within, id, change) } } : mine]
    })
  )
}

export function changeBlock({ layout }: BuiltIn, id: string, change: (block: Block) => Block): void {
  if (layout.value) layout.value = { ...layout.value, blocks: changed(layout.value.blocks, id, change) }
}

interface Props {
  builtIn: BuiltIn
  of: { entityTypeId: number; entityId: number }
  openApplication(value: unknown, slider: { title?: string; width?: number }): void
  go(hash: string): void
  resized(): void
}

const word = (text: string | undefined) => /^\w+$/.exec(text ?? '')?.[0] ?? ''
const look = (at: Properties) => [at.bold ? 'bold' : '', at.size ? `size-${word(at.size)}` : '', at.color ? `color-${word(at.color)}` : ''].join(' ').trim()

function Link({ id, at, props }: { id: string; at: Properties; props: Props }) {
  const { type, value, uri } = at.action ?? {}
  const address = type === 'redirect' ? String(value ?? uri ?? '') : ''
  const hash = address && placeOfPath(address)
  const text = <span class={look(at)}>{at.text}</span>
  if (/^https?:\/\//i.test(address)) return <a href={address} target="_blank" rel="noopener noreferrer">{text}</a>
  const press = hash ? () => props.go(hash)
    : type === 'layoutEvent' ? () => props.builtIn.tell('layout', id, { id, value })
    : type === 'openRestApp' ? () => props.openApplication(value, at.action?.sliderParams ?? {})
    : null
  return <button type="button" class="link" disabled={!press} onClick={() => press?.()}>{text}</button>
}

// A field with its title, and what is wrong with it.
function Labelled({ at, children }: { at: Properties; children: (id: string, described: string | undefined) => ComponentChildren }) {
  const id = useId()
  return (
    <p class="titled">
      {at.title && <label for={id}>{at.title}</label>}
      {children(id, at.errorText ? `${id}-wrong` : undefined)}
      {at.errorText && <small class="wrong" id={`${id}-wrong`}>{at.errorText}</small>}
    </p>
  )
}

function BlockView({ id, block, props }: { id: string; block: Block; props: Props }) {
  const at = block.properties ?? {}
  if (block.visible === false || (block.visible as unknown) === 'false') return null
  const off = at.disabled === true || props.builtIn.locked.value
  const set = (key: 'value' | 'selectedValue', value: string) => {
    changeBlock(props.builtIn, id, now => ({ ...now, properties: { ...now.properties, [key]: value } }))
    props.builtIn.tell('value', id, { id, value })
  }
  const within = () => Object.entries(at.blocks ?? {})
  const text = String(at.value ?? '')
  switch (block.type) {
    case 'text':
      return <span class={at.multiline ? `${look(at)} lines` : look(at)}>{text}</span>
    case 'link':
      return <Link id={id} at={at} props={props} />
    case 'withTitle':
      return <div class={at.inline ? 'titled inline' : 'titled'}><span class="soft">{at.title}</span> {at.block && <BlockView id={id} block={at.block} props={props} />}</div>
    case 'lineOfBlocks':
      return <div class="line">{within().map(([key, one]) => <BlockView key={key} id={key} block={one} props={props} />)}</div>
    case 'list':
      return <ul>{within().filter(([, one]) => one.visible !== false).map(([key, one]) => <li key={key}><BlockView id={key} block={one} props={props} /></li>)}</ul>
    case 'section':
      return (
        <div class={`section s-${word(at.type)}`}>
          {at.imageSrc && <img class={`image-${word(at.imageSize)}`} src={at.imageSrc} alt="" onLoad={props.resized} onError={event => (event.currentTarget.hidden = true)} />}
          <div>{within().map(([key, one]) => <div key={key}><BlockView id={key} block={one} props={props} /></div>)}</div>
        </div>
      )
    case 'input':
      return <Labelled at={at}>{(own, wrong) => <input id={own} aria-label={at.title ? undefined : id} aria-describedby={wrong} aria-invalid={Boolean(wrong)} value={text} placeholder={at.placeholder} disabled={off} onInput={event => set('value', event.currentTarget.value)} />}</Labelled>
    case 'textarea':
      return <Labelled at={at}>{(own, wrong) => <textarea id={own} rows={4} aria-label={at.title ? undefined : id} aria-describedby={wrong} aria-invalid={Boolean(wrong)} value={text} placeholder={at.placeholder} disabled={off} onInput={event => set('value', event.currentTarget.value)} />}</Labelled>
    case 'select':
    case 'dropdownMenu':
      return (
        <Labelled at={at}>
          {(own, wrong) => (
            <select id={own} aria-label={at.title ? undefined : id} aria-describedby={wrong} value={at.selectedValue ?? Object.keys(at.values ?? {})[0]} disabled={off} onChange={event => set('selectedValue', event.currentTarget.value)}>
              {Object.entries(at.values ?? {}).map(([value, title]) => <option key={value} value={value}>{title}</option>)}
            </select>
          )}
        </Labelled>
      )
    default:
      return null
  }
}

export function BuiltInView(props: Props) {
  const { builtIn } = props
  const layout = builtIn.layout.value
  useEffect(() => props.resized(), [layout, builtIn.locked.value])
  if (!layout) return <div class="spinner" aria-busy="true" />
  const button = (which: 'primary' | 'secondary', at: Button | null | undefined) =>
    at?.title && (
      <button type="button" class={which === 'primary' ? undefined : 'plain'} disabled={at.state === 'disabled' || builtIn.locked.value} onClick={() => builtIn.tell(which, '')}>{at.title}</button>
    )
  return (
    <div class="built-in" aria-busy={builtIn.locked.value}>
      {Object.entries(layout.blocks ?? {}).map(([id, block]) => <div key={id}><BlockView id={id} block={block} props={props} /></div>)}
      <p class="buttons">{button('primary', layout.primaryButton)} {button('secondary', layout.secondaryButton)}</p>
    </div>
  )
}
