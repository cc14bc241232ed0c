// What screens are made of beside fields: dialog, menu, tabs, names, states of a read.
import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { nameOf } from '../base/names'
import { href } from '../base/router'
import { typeOf } from '../base/types'
import { words } from '../base/words'
import { showFull, showMoment } from '../base/format'
import { Icon, type IconName } from './icon'

// The focus goes back to where it was: a dialog that is taken out of the page, not closed, would leave it nowhere.
export function Dialog({ title, onClose, children }: { title: string; onClose: () => void; children: ComponentChildren }) {
  const at = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = at.current, before = document.activeElement
    if (dialog && !dialog.open) dialog.showModal()
    return () => {
      dialog?.remove()
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  return (
    <dialog ref={at} aria-label={title} onClose={onClose} onClick={event => event.target === at.current && onClose()}>
      <div class="dialog">
        <div class="dialog-head">
          <h2>{title}</h2>
          <button class="bare" type="button" aria-label={words.close} onClick={onClose}>
            <Icon name="close" />
          </button>
        </div>
        {children}
      </div>
    </dialog>
  )
}

export interface MenuItem {
  title: string
  act: () => void
  wrong?: boolean
}

// A button that opens a list of actions: arrows move, Escape and leaving close. It has the focus before the next key comes.
export function Menu({ label, icon = 'more', items, text }: { label: string; icon?: IconName; items: MenuItem[]; text?: string }) {
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    if (!open) return
    box.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus()
    const away = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false)
    }
    document.addEventListener('pointerdown', away)
    return () => document.removeEventListener('pointerdown', away)
  }, [open])
  const keys = (event: KeyboardEvent) => {
    const all = [...(box.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])]
    const at = all.indexOf(document.activeElement as HTMLElement)
    if (event.key === 'Escape') {
      setOpen(false)
      box.current?.querySelector('button')?.focus()
    } else if (event.key === 'ArrowDown') all[(at + 1) % all.length]?.focus()
    else if (event.key === 'ArrowUp') all[(at + all.length - 1) % all.length]?.focus()
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div
      class="menu" ref={box} onKeyDown={open ? keys : undefined}
      onFocusOut={event => event.relatedTarget && !box.current?.contains(event.relatedTarget as Node) && setOpen(false)}
    >
      <button type="button" class={text ? 'plain' : 'bare'} aria-haspopup="menu" aria-expanded={open} aria-label={text ? undefined : label} onClick={() => setOpen(!open)}>
        {text && <span class="cut">{text}</span>} <Icon name={icon} />
      </button>
      {open && (
        <div role="menu" aria-label={label}>
          {items.map(item => (
            <button
              type="button" role="menuitem" tabIndex={-1} key={item.title} class={item.wrong ? 'wrong' : undefined}
              onClick={() => {
                setOpen(false)
                box.current?.querySelector('button')?.focus()
                item.act()
              }}
            >
              {item.title}
            </button>
          ))}
        </div>
      )}
    </div>
  )
}

export interface Tab {
  id: string
  title: string
}

export function Tabs({ label, tabs, chosen, choose }: { label: string; tabs: Tab[]; chosen: string; choose: (id: string) => void }) {
  return (
    <div class="tabs" role="group" aria-label={label}>
      {tabs.map(tab => (
        <button type="button" key={tab.id} aria-pressed={tab.id === chosen} onClick={() => choose(tab.id)}>
          {tab.title}
        </button>
      ))}
    </div>
  )
}

// A read that goes on is said only when it takes a while, and what it showed before stays meanwhile.
export function Reading({ read, children }: { read: { data?: unknown; error?: Error; busy: boolean; again: () => void }; children: () => ComponentChildren }) {
  if (read.error && read.data === undefined)
    return (
      <div class="note" role="alert">
        <p>{words.failed}: {read.error.message}</p>
        <button class="plain" onClick={read.again}>{words.retry}</button>
      </div>
    )
  if (read.data === undefined) return <div class="spinner" aria-busy="true" />
  return <>{children()}</>
}

export function Name({ of, id }: { of: number; id: number }) {
  if (!id) return null
  return <>{nameOf(of, id).value || (of ? `${typeOf(of).one} ${id}` : `#${id}`)}</>
}

export function CardLink({ typeId, id }: { typeId: number; id: number }) {
  if (!id) return null
  return (
    <a href={href('card', typeId, id)}>
      <Name of={typeId} id={id} />
    </a>
  )
}

export function Moment({ at }: { at: string | null | undefined }) {
  if (!at) return null
  const date = new Date(at)
  return <time dateTime={at} title={showFull(date)}>{showMoment(date)}</time>
}

export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="empty">{children}</p>
}
