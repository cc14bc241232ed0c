// The layout of a configurable activity, as its application wrote it: only what the documentation names is drawn, and texts
// are texts. Page: api-reference/crm/timeline/activities/configurable/structure.
import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { showMoment } from '../base/format'
import { frameAddress } from '../apps/apps'
import { openSlider } from '../apps/slider'
import { placeOfPath } from '../frame/path'
import type { MenuItem } from '../pieces/pieces'
import { rest } from '../base/rest'
import { touch } from '../base/store'
import { Icon, type IconName } from '../pieces/icon'
import { attempt } from '../pieces/toast'
import type { Entry } from './entry'

interface Action {
  type?: string
  uri?: string
  id?: string
  actionParams?: Record<string, unknown>
  sliderParams?: { title?: string; width?: number }
  animationType?: string
}

// Where a layout stands: its entry, at which card; whose it is.
export interface From {
  of: { typeId: number; id: number }
  entry: Entry
  appId?: number
}

// A text, or one for each language.
type Words = string | Record<string, string>

function textOf(words: unknown): string {
  if (words === null || typeof words !== 'object') return String(words ?? '')
  const all = words as Record<string, string>
  return all[document.documentElement.lang] ?? all['en'] ?? Object.values(all)[0] ?? ''
}

interface Block {
  type?: string
  properties?: {
    value?: unknown
    text?: Words
    title?: Words
    bold?: boolean
    size?: string
    color?: string
    inline?: boolean
    multiline?: boolean
    action?: Action
    block?: Block
    blocks?: Record<string, Block>
  }
}

interface Tag {
  title?: Words
  type?: string
}

interface Button {
  title?: Words
  type?: string
  action?: Action
}

export interface Layout {
  icon?: { code?: string }
  header?: { title?: Words; titleAction?: Action; tags?: Record<string, Tag> }
  body?: { logo?: { code?: string }; blocks?: Record<string, Block> }
  footer?: { buttons?: Record<string, Button>; menu?: { items?: Record<string, Button> } }
}

const values = <T,>(of: Record<string, T> | undefined): T[] => Object.values(of ?? {})

// Where a redirect leads: of the addresses that an application gives only those of the web and of this page are followed.
function addressOf(action: Action | undefined): string | null {
  const uri = action?.type === 'redirect' ? (action.uri ?? '') : ''
  if (/^https?:\/\//i.test(uri)) return uri
  const hash = uri && placeOfPath(uri)
  return hash ? `#${hash}` : null
}

// What a press does; null: nothing that is known.
function pressOf(action: Action | undefined, { of, entry, appId }: From): (() => Promise<boolean>) | null {
  if (action?.type === 'openRestApp' && appId)
    return async () => {
      openSlider({
        address: frameAddress(appId, 0, { ...action.actionParams, entityTypeId: of.typeId, entityId: of.id, activityId: entry.id, IFRAME: 'Y', IFRAME_TYPE: 'SIDE_SLIDER' }),
        title: action.sliderParams?.title ?? String(entry.title ?? ''),
        width: action.sliderParams?.width,
        closed: () => touch(`${of.typeId}:${of.id}`)
      })
      return false
    }
  if (action?.type === 'restEvent' && action.id)
    return () => attempt(() => rest('rapport.timeline.act', { entityTypeId: of.typeId, entityId: of.id, activityId: entry.id, id: action.id, appId }))
  return null
}

// The items of its own menu.
export function layoutItems(layout: Layout, from: From): MenuItem[] {
  return values(layout.footer?.menu?.items).flatMap(item => {
    const press = pressOf(item.action, from), address = addressOf(item.action)
    const act = press ? () => void press() : address ? () => void (address.startsWith('#') ? (location.hash = address) : open(address, '_blank', 'noopener,noreferrer')) : null
    return act && item.title ? [{ title: textOf(item.title), act }] : []
  })
}

// With an animation it waits until its application changes the entry.
function Act({ action, children, className, from }: { action?: Action; children: ComponentChildren; className?: string; from: From }) {
  const [waits, setWaits] = useState(false)
  useEffect(() => setWaits(false), [from.entry])
  const address = addressOf(action), press = pressOf(action, from)
  if (address) return address.startsWith('#') ? <a class={className} href={address}>{children}</a> : <a class={className} href={address} target="_blank" rel="noopener noreferrer">{children}</a>
  if (press)
    return (
      <button type="button" class={className ?? 'plain'} disabled={waits} aria-busy={waits} onClick={() => { if (action?.animationType) setWaits(true); void press().then(done => done || setWaits(false)) }}>
        {children}
      </button>
    )
  return action ? <button type="button" class={className ?? 'plain'} disabled>{children}</button> : <>{children}</>
}

function BlockView({ block, deadline, from }: { block: Block; deadline: string | null; from: From }) {
  const at = block.properties ?? {}
  const text = textOf(at.value ?? at.text)
  const look = [at.bold ? 'bold' : '', at.size ? `size-${/^\w+$/.exec(at.size)?.[0] ?? ''}` : '', at.color ? `color-${/^\w+$/.exec(at.color)?.[0] ?? ''}` : ''].join(' ').trim()
  switch (block.type) {
    case 'largeText':
      return <p class="large">{text}</p>
    case 'link':
      return <span class={look}><Act from={from} action={at.action ?? { type: 'none' }}>{text}</Act></span>
    case 'withTitle':
      return (
        <div class={at.inline ? 'titled inline' : 'titled'}>
          <span class="soft">{textOf(at.title)}</span> {at.block && <BlockView block={at.block} deadline={deadline} from={from} />}
        </div>
      )
    case 'lineOfBlocks':
      return <div class="line">{values(at.blocks).map((one, i) => <BlockView key={i} block={one} deadline={deadline} from={from} />)}</div>
    case 'deadline':
      return <span>{deadline && showMoment(new Date(deadline))}</span>
    default:
      return <span class={at.multiline ? `${look} lines` : look}>{text}</span>
  }
}

const icons: Record<string, IconName> = {
  'call-completed': 'call', 'call': 'call', 'call-incoming': 'call', 'call-outcoming': 'call', 'mail': 'mail', 'comment': 'comment', 'task': 'task',
  'calendar': 'meeting', 'document': 'file', 'info': 'log', 'check': 'check', 'clock': 'clock', 'arrow-up': 'right', 'arrow-down': 'down'
}

export function layoutIcon(layout: Layout): IconName {
  return icons[layout.icon?.code ?? ''] ?? 'app'
}

export function LayoutTitle({ layout, title, from }: { layout: Layout; title: string; from: From }) {
  return (
    <>
      <Act from={from} action={layout.header?.titleAction}>{textOf(layout.header?.title) || title}</Act>{' '}
      {values(layout.header?.tags).map((tag, i) => <span key={i} class={`tag ${/^\w+$/.exec(tag.type ?? '')?.[0] ?? ''}`}>{textOf(tag.title)}</span>)}
    </>
  )
}

export function LayoutBody({ layout, deadline, from }: { layout: Layout; deadline: string | null; from: From }) {
  return (
    <div class="layout">
      {layout.body?.logo && <span class="logo"><Icon name={icons[layout.body.logo.code ?? ''] ?? layoutIcon(layout)} /></span>}
      <div>{values(layout.body?.blocks).map((block, i) => <BlockView key={i} block={block} deadline={deadline} from={from} />)}</div>
      {values(layout.footer?.buttons).length > 0 && (
        <p class="buttons">
          {values(layout.footer?.buttons).map((button, i) => (
            <Act key={i} from={from} action={button.action ?? { type: 'none' }} className={button.type === 'primary' ? 'button' : 'button plain'}>{textOf(button.title)}</Act>
          ))}
        </p>
      )}
    </div>
  )
}

export interface BlocksOf {
  appId: number
  layout: { blocks?: Record<string, Block> }
}

// What applications add to an activity that is not theirs: the set of each one apart.
export function LayoutBlocks({ sets, deadline, from }: { sets: BlocksOf[]; deadline: string | null; from: From }) {
  return (
    <>
      {sets.map(set => (
        <div key={set.appId} class="layout added">
          <div>{values(set.layout.blocks).map((block, i) => <BlockView key={i} block={block} deadline={deadline} from={{ ...from, appId: set.appId }} />)}</div>
        </div>
      ))}
    </>
  )
}
