// Finds a user or a row while one types: a combobox by the rules of ARIA.
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { findItems, findUsers, type Found } from '../base/names'
import { typeOf } from '../base/types'
import { words } from '../base/words'

const PAUSE_MS = 150

interface Props {
  label: string
  of: number[] // types; [0]: users
  onChoose: (found: Found) => void
  value?: string
  placeholder?: string
  hideLabel?: boolean
  autofocus?: boolean
  name?: string
}

export function Chooser({ label, of, onChoose, value = '', placeholder, hideLabel, autofocus, name }: Props) {
  const [text, setText] = useState(value)
  const [found, setFound] = useState<Found[] | null>(null)
  const [at, setAt] = useState(0)
  const turn = useRef(0)
  const box = useRef<HTMLDivElement>(null)
  const id = useId()
  useLayoutEffect(() => setText(value), [value]) // before anybody types

  const look = (now: string) => {
    const mine = ++turn.current
    setTimeout(() => {
      if (mine !== turn.current) return
      const find = of[0] === 0 ? findUsers(now) : findItems(of, now)
      find.then(
        list => {
          if (mine !== turn.current) return
          setFound(list)
          setAt(0)
        },
        () => mine === turn.current && setFound([])
      )
    }, PAUSE_MS)
  }
  const close = () => {
    turn.current++
    setFound(null)
  }
  const choose = (one: Found) => {
    close()
    setText(one.title)
    onChoose(one)
  }
  const keys = (event: KeyboardEvent) => {
    if (!found) {
      if (event.key === 'ArrowDown') look(text)
      return
    }
    if (event.key === 'Escape') close()
    else if (event.key === 'ArrowDown') setAt((at + 1) % Math.max(1, found.length))
    else if (event.key === 'ArrowUp') setAt((at + found.length - 1) % Math.max(1, found.length))
    else if (event.key === 'Enter' && found[at]) choose(found[at]!)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <div class="chooser" ref={box} onFocusOut={event => !box.current?.contains(event.relatedTarget as Node) && close()}>
      <label class={hideLabel ? 'only-read' : undefined} for={`${id}-in`}>{label}</label>
      <input
        id={`${id}-in`} name={name} role="combobox" autocomplete="off" aria-expanded={found !== null} aria-controls={`${id}-list`}
        aria-autocomplete="list" aria-activedescendant={found?.[at] ? `${id}-${at}` : undefined} value={text}
        placeholder={placeholder} autofocus={autofocus}
        onInput={event => {
          setText(event.currentTarget.value)
          look(event.currentTarget.value)
        }}
        onClick={() => !found && look('')}
        onKeyDown={keys}
      />
      <div id={`${id}-list`} role="listbox" aria-label={label} hidden={found === null}>
        {found?.map((one, i) => (
          <div
            key={`${one.typeId}:${one.id}`} id={`${id}-${i}`} role="option" aria-selected={i === at} tabIndex={-1}
            onMouseDown={event => event.preventDefault()} onClick={() => choose(one)}
          >
            <span>{one.title}</span> <small>{one.hint || typeOf(one.typeId).one}</small>
          </div>
        ))}
        {found?.length === 0 && <div class="nothing" role="option" aria-selected="false" aria-disabled="true">{words.nothingFound}</div>}
      </div>
    </div>
  )
}
