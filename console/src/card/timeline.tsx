// The timeline of a card: what is planned, what is pinned, then what was, page after page as one scrolls. Pages that are
// not in sight are not laid out (content-visibility), so that ten thousand entries scroll as ten.
import { Component } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { rest } from '../base/rest'
import { touch, useRead } from '../base/store'
import { codeOf, PlaceDeeds, usePlaces } from '../apps/places'
import { words as common } from '../base/words'
import { complain } from '../pieces/toast'
import { Empty, Reading } from '../pieces/pieces'
import { Compose } from './compose'
import { EntryView, goneEntries, type Entry } from './entry'
import { words } from './words'

interface Page {
  planned: Entry[]
  pinned: Entry[]
  history: Entry[]
  after: string | null
}

const PAGE = 50

interface Of {
  typeId: number
  id: number
}

const keyOf = (entry: Entry) => `${entry.kind} ${entry.id}`

// A page that came is drawn once: of ten thousand entries only the newest fifty are looked at again.
class Entries extends Component<{ of: Of; entries: Entry[] }> {
  override shouldComponentUpdate(next: { of: Of; entries: Entry[] }): boolean {
    const { of, entries } = this.props
    return next.entries !== entries || next.of.id !== of.id || next.of.typeId !== of.typeId
  }
  override render() {
    return <ul class="entries">{this.props.entries.map(entry => <EntryView key={keyOf(entry)} of={this.props.of} entry={entry} />)}</ul>
  }
}

function List({ of, title, pages, empty }: { of: Of; title: string; pages: Entry[][]; empty?: string }) {
  const none = pages.every(page => !page.length)
  if (none && !empty) return null
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      {none && <Empty>{empty}</Empty>}
      {pages.map((page, i) => page.length > 0 && <Entries key={i} of={of} entries={page} />)}
    </section>
  )
}

// Without what stands in the newest page or above; the same list when nothing does, so that it is not drawn again.
function without(page: Entry[], seen: Set<string>): Entry[] {
  return page.some(entry => seen.has(keyOf(entry))) ? page.filter(entry => !seen.has(keyOf(entry))) : page
}

export function Timeline({ typeId, id, phones }: { typeId: number; id: number; phones: string[] }) {
  const of = { typeId, id }
  const read = useRead(`timeline ${typeId} ${id}`, ['activity', `${typeId}:${id}`], () =>
    rest<Page>('rapport.timeline.list', { entityTypeId: typeId, entityId: id, limit: PAGE })
  )
  const [older, setOlder] = useState<Entry[][]>([])
  const [after, setAfter] = useState<string | null | undefined>(undefined)
  const asked = useRef(new Set<string>()) // an observer may still be one of the drawing before: no page comes twice
  const end = useRef<HTMLButtonElement>(null)
  // What is older does not change its place: when the first page is read anew, it goes on below it.
  const first = read.data
  const seen = new Set(first && [...first.history, ...first.planned, ...first.pinned].map(keyOf))
  for (const key of goneEntries.value) seen.add(key)
  const history = [first?.history ?? [], ...older.map(page => without(page, seen))]
  const next = after === undefined ? first?.after : after
  async function more() {
    if (!next || asked.current.has(next)) return
    asked.current.add(next)
    try {
      const page = await rest<Page>('rapport.timeline.list', { entityTypeId: typeId, entityId: id, limit: PAGE, after: next })
      setOlder(now => [...now, page.history])
      setAfter(page.after)
    } catch (error) {
      asked.current.delete(next)
      complain(error)
    }
  }
  useEffect(() => {
    const watch = new IntersectionObserver(seen => seen[0]?.isIntersecting && void more(), { rootMargin: '800px' })
    if (end.current) watch.observe(end.current)
    return () => watch.disconnect()
  })
  const places = usePlaces(codeOf(typeId, 'DETAIL_ACTIVITY'))
  return (
    <section class="timeline" aria-label={words.timeline}>
      <PlaceDeeds places={places} of={of} again={() => touch(`${typeId}:${id}`)} />
      <Compose typeId={typeId} id={id} phones={phones} />
      <Reading read={read}>
        {() => (
          <>
            <List of={of} title={words.planned} pages={[first!.planned]} empty={words.noPlans} />
            <List of={of} title={words.pinned} pages={[first!.pinned]} />
            <List of={of} title={words.history} pages={history} empty={words.noHistory} />
            {next && <button ref={end} class="plain" onClick={() => void more()}>{common.more}</button>}
          </>
        )}
      </Reading>
    </section>
  )
}
