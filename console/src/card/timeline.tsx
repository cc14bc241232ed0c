// The timeline of a card: what is planned, what is pinned, then what was, page after page as one scrolls. Entries that are
// not in sight are not laid out (content-visibility), so that ten thousand scroll as ten.
import { useEffect, useRef, useState } from 'preact/hooks'
import { rest } from '../base/rest'
import { useRead } from '../base/store'
import { words as common } from '../base/words'
import { complain } from '../pieces/toast'
import { Empty, Reading } from '../pieces/pieces'
import { Compose } from './compose'
import { EntryView, type Entry } from './entry'
import { words } from './words'

interface Page {
  planned: Entry[]
  pinned: Entry[]
  history: Entry[]
  after: string | null
}

const PAGE = 50

function List({ of, title, entries, empty }: { of: { typeId: number; id: number }; title: string; entries: Entry[]; empty?: string }) {
  if (!entries.length && !empty) return null
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      {!entries.length && <Empty>{empty}</Empty>}
      <ul class="entries">
        {entries.map(entry => <EntryView key={`${entry.kind} ${entry.id}`} of={of} entry={entry} />)}
      </ul>
    </section>
  )
}

export function Timeline({ typeId, id, phones }: { typeId: number; id: number; phones: string[] }) {
  const of = { typeId, id }
  const read = useRead(`timeline ${typeId} ${id}`, ['activity', `${typeId}:${id}`], () =>
    rest<Page>('rapport.timeline.list', { entityTypeId: typeId, entityId: id, limit: PAGE })
  )
  const [older, setOlder] = useState<Entry[]>([])
  const [after, setAfter] = useState<string | null | undefined>(undefined)
  const busy = useRef(false)
  const end = useRef<HTMLButtonElement>(null)
  // What is older does not change its place: when the first page is read anew, it goes on below it.
  const first = read.data
  const seen = new Set(first?.history.map(entry => `${entry.kind} ${entry.id}`))
  const history = [...(first?.history ?? []), ...older.filter(entry => !seen.has(`${entry.kind} ${entry.id}`))]
  const next = after === undefined ? first?.after : after
  async function more() {
    if (busy.current || !next) return
    busy.current = true
    try {
      const page = await rest<Page>('rapport.timeline.list', { entityTypeId: typeId, entityId: id, limit: PAGE, after: next })
      setOlder(now => [...now, ...page.history])
      setAfter(page.after)
    } catch (error) {
      complain(error)
    }
    busy.current = false
  }
  useEffect(() => {
    const watch = new IntersectionObserver(seen => seen[0]?.isIntersecting && void more(), { rootMargin: '800px' })
    if (end.current) watch.observe(end.current)
    return () => watch.disconnect()
  })
  return (
    <section class="timeline" aria-label={words.timeline}>
      <Compose typeId={typeId} id={id} phones={phones} />
      <Reading read={read}>
        {() => (
          <>
            <List of={of} title={words.planned} entries={first!.planned} empty={words.noPlans} />
            <List of={of} title={words.pinned} entries={first!.pinned} />
            <List of={of} title={words.history} entries={history} empty={words.noHistory} />
            {next && <button ref={end} class="plain" onClick={() => void more()}>{common.more}</button>}
          </>
        )}
      </Reading>
    </section>
  )
}
