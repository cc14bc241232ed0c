// The layout of a configurable activity, as its application wrote it: only what the documentation names is drawn, and texts
// are texts. Page: api-reference/crm/timeline/activities/configurable/structure.
import type { ComponentChildren } from 'preact'
import { showMoment } from '../base/format'
import { Icon, type IconName } from '../pieces/icon'
import { words } from './words'

interface Action {
  type?: string
  uri?: string
}

interface Block {
  type?: string
  properties?: {
    value?: unknown
    text?: string
    title?: string
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
  title?: string
  type?: string
}

interface Button {
  title?: string
  type?: string
  action?: Action
}

export interface Layout {
  icon?: { code?: string }
  header?: { title?: string; titleAction?: Action; tags?: Record<string, Tag> }
  body?: { logo?: { code?: string }; blocks?: Record<string, Block> }
  footer?: { buttons?: Record<string, Button>; menu?: { items?: Record<string, Button> } }
}

const values = <T,>(of: Record<string, T> | undefined): T[] => Object.values(of ?? {})

// Of the addresses that an application gives only those of the web and of this page are followed.
function Act({ action, children, className }: { action?: Action; children: ComponentChildren; className?: string }) {
  const uri = action?.type === 'redirect' ? (action.uri ?? '') : ''
  if (/^https?:\/\//i.test(uri)) return <a class={className} href={uri} target="_blank" rel="noopener noreferrer">{children}</a>
  const card = /^\/crm\/(lead|deal|contact|company|quote)\/details\/(\d+)\/?/.exec(uri) ?? /^\/crm\/type\/(\d+)\/details\/(\d+)\/?/.exec(uri)
  const numbers: Record<string, number> = { lead: 1, deal: 2, contact: 3, company: 4, quote: 7 }
  if (card) return <a class={className} href={`#/card/${numbers[card[1]!] ?? card[1]}/${card[2]}`}>{children}</a>
  return action ? <button type="button" class={className ?? 'plain'} disabled title={words.opensApp}>{children}</button> : <>{children}</>
}

function BlockView({ block, deadline }: { block: Block; deadline: string | null }) {
  const at = block.properties ?? {}
  const text = String(at.value ?? at.text ?? '')
  const look = [at.bold ? 'bold' : '', at.size ? `size-${/^\w+$/.exec(at.size)?.[0] ?? ''}` : '', at.color ? `color-${/^\w+$/.exec(at.color)?.[0] ?? ''}` : ''].join(' ').trim()
  switch (block.type) {
    case 'largeText':
      return <p class="large">{text}</p>
    case 'link':
      return <span class={look}><Act action={at.action ?? { type: 'none' }}>{text}</Act></span>
    case 'withTitle':
      return (
        <div class={at.inline ? 'titled inline' : 'titled'}>
          <span class="soft">{at.title}</span> {at.block && <BlockView block={at.block} deadline={deadline} />}
        </div>
      )
    case 'lineOfBlocks':
      return <div class="line">{values(at.blocks).map((one, i) => <BlockView key={i} block={one} deadline={deadline} />)}</div>
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

export function LayoutTitle({ layout, title }: { layout: Layout; title: string }) {
  return (
    <>
      <Act action={layout.header?.titleAction}>{layout.header?.title || title}</Act>{' '}
      {values(layout.header?.tags).map(tag => <span key={tag.title} class={`tag ${/^\w+$/.exec(tag.type ?? '')?.[0] ?? ''}`}>{tag.title}</span>)}
    </>
  )
}

export function LayoutBody({ layout, deadline }: { layout: Layout; deadline: string | null }) {
  return (
    <div class="layout">
      {layout.body?.logo && <span class="logo"><Icon name={icons[layout.body.logo.code ?? ''] ?? layoutIcon(layout)} /></span>}
      <div>{values(layout.body?.blocks).map((block, i) => <BlockView key={i} block={block} deadline={deadline} />)}</div>
      {values(layout.footer?.buttons).length > 0 && (
        <p class="buttons">
          {values(layout.footer?.buttons).map(button => (
            <Act key={button.title} action={button.action ?? { type: 'none' }} className={button.type === 'primary' ? 'button' : 'button plain'}>{button.title}</Act>
          ))}
        </p>
      )}
    </div>
  )
}
