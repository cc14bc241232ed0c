// One entry of the timeline.
import { signal } from '@preact/signals'
import { useEffect, useState } from 'preact/hooks'
import { plainText } from '../base/format'
import { rest } from '../base/rest'
import { touch } from '../base/store'
import { stagesOf } from '../base/types'
import { words as common } from '../base/words'
import { ActivityMenu, complete, iconOf, kindOf } from '../day/activity'
import { codeOf, placeItems, usePlaces } from '../apps/places'
import { Icon, type IconName } from '../pieces/icon'
import { Menu, Moment, Name, type MenuItem } from '../pieces/pieces'
import { attempt, say } from '../pieces/toast'
import { type BlocksOf, LayoutBlocks, LayoutBody, layoutItems, LayoutTitle, layoutIcon, type Layout } from './layout'
import { words } from './words'

export interface Entry {
  kind: string // activity, stage, comment, log ...
  id: number
  created: string
  pinned: boolean
  note: { text: string; updatedById: number } | null
  title?: string
  text?: string
  authorId?: number
  files?: Record<string, File> | [] // by their ids
  // of an activity
  typeId?: number
  providerId?: string
  completed?: boolean
  deadline?: string | null
  responsibleId?: number
  direction?: number
  fileCount?: number
  appId?: number
  badgeCode?: string
  layout?: Layout | null
  blocks?: BlocksOf[]
  // of a stage
  categoryId?: number
  stageId?: string
}

interface File {
  id: number
  name: string
  urlDownload: string
}

interface Of {
  typeId: number
  id: number
}

// Entries that were removed here, "comment 7": an older page of the timeline is not read again for them.
export const goneEntries = signal<ReadonlySet<string>>(new Set())

const BODY_SHOWN = 600

function Text({ text }: { text: string }) {
  const [all, setAll] = useState(false)
  const plain = plainText(text)
  if (!plain) return null
  return (
    <p class="lines">
      {all || plain.length <= BODY_SHOWN ? plain : `${plain.slice(0, BODY_SHOWN)}…`}{' '}
      {!all && plain.length > BODY_SHOWN && <button class="plain small" onClick={() => setAll(true)}>{common.more}</button>}
    </p>
  )
}

function StageName({ of, entry }: { of: Of; entry: Entry }) {
  const [name, setName] = useState('')
  useEffect(() => {
    stagesOf(of.typeId, entry.categoryId ?? 0).then(all => setName(all.find(stage => stage.id === entry.stageId)?.title ?? ''), () => undefined)
  }, [entry.stageId])
  const what = entry.typeId === 1 ? words.created : entry.typeId === 3 ? words.finished : words.moved
  return <>{what}: <b>{name || entry.stageId}</b></>
}

function menuOf(of: Of, entry: Entry): MenuItem[] {
  const ours = { id: entry.id, ownerTypeId: of.typeId, ownerId: of.id }
  const again = () => touch(`${of.typeId}:${of.id}`)
  const items: MenuItem[] = []
  if (entry.kind !== 'stage' && entry.kind !== 'activity')
    items.push({
      title: entry.pinned ? words.unpin : words.pin,
      act: () => void attempt(async () => (await rest(`crm.timeline.item.${entry.pinned ? 'unpin' : 'pin'}`, ours), again()))
    })
  if (entry.kind === 'comment')
    items.push({
      title: common.remove, wrong: true,
      act: () => void attempt(async () => {
        await rest('crm.timeline.comment.delete', { id: entry.id })
        goneEntries.value = new Set([...goneEntries.value, `comment ${entry.id}`])
        say(words.commentRemoved)
        again()
      })
    })
  if (entry.kind === 'activity' && entry.completed) items.push({ title: words.reopen, act: () => void complete(String(entry.id), false).then(again) })
  return items
}

export function EntryView({ of, entry }: { of: Of; entry: Entry }) {
  const isActivity = entry.kind === 'activity'
  const icon: IconName = isActivity ? (entry.layout ? layoutIcon(entry.layout) : iconOf(entry.typeId ?? 0, entry.providerId ?? null))
    : entry.kind === 'comment' ? 'comment' : entry.kind === 'stage' ? 'stage' : 'log'
  const label = isActivity ? kindOf(entry.typeId ?? 0, entry.providerId ?? null) : entry.kind === 'comment' ? words.comment : entry.kind === 'stage' ? words.stageChanged : ''
  const who = isActivity ? entry.responsibleId : entry.authorId
  const places = usePlaces(codeOf(of.typeId, 'ACTIVITY_TIMELINE_MENU'))
  const more = isActivity
    ? placeItems(places, {
        ENTITY_ID: String(of.id), ASSOCIATED_ENTITY_ID: String(entry.id), ASSOCIATED_ENTITY_TYPE_ID: '6', TYPE_ID: '1',
        TYPE_CATEGORY_ID: String(entry.typeId ?? ''), TIMELINE_ITEM_ID: String(entry.id)
      }, () => touch(`${of.typeId}:${of.id}`))
    : []
  const from = { of, entry, appId: entry.appId }
  const own = entry.layout ? layoutItems(entry.layout, from) : []
  const menu = [...menuOf(of, entry), ...own, ...more]
  const files = Object.values(entry.files ?? {}) as File[]
  const open = isActivity && !entry.completed
  return (
    <li class={`entry k-${entry.kind} ${open ? 'open' : ''}`}>
      <Icon name={icon} label={label || undefined} />
      <div class="what">
        <div class="entry-head">
          <span class="entry-title">
            {entry.direction === 1 && <Icon name="incoming" label={words.incoming} />}
            {entry.kind === 'stage' ? <StageName of={of} entry={entry} />
              : entry.layout ? <LayoutTitle layout={entry.layout} title={entry.title ?? ''} from={from} />
              : entry.title || label}
            {entry.badgeCode && <span class="tag">{entry.badgeCode}</span>}
          </span>
          <small><Moment at={open ? entry.deadline : entry.created} /></small>
        </div>
        {entry.layout ? <LayoutBody layout={entry.layout} deadline={entry.deadline ?? null} from={from} /> : entry.text && <Text text={entry.text} />}
        {entry.blocks && <LayoutBlocks sets={entry.blocks} deadline={entry.deadline ?? null} from={from} />}
        {files.length > 0 && (
          <p class="files">
            {files.map(file => <a key={file.id} href={file.urlDownload} download><Icon name="file" /> {file.name}</a>)}
          </p>
        )}
        {Boolean(entry.fileCount) && <small>{words.files(entry.fileCount!)}</small>}
        {entry.note && <p class="own-note"><b>{words.note}:</b> {entry.note.text}</p>}
        {Boolean(who) && <small><Name of={0} id={who!} /></small>}
      </div>
      {open && (
        <button class="plain" onClick={() => void complete(String(entry.id), true).then(() => touch(`${of.typeId}:${of.id}`))}>{words.complete}</button>
      )}
      {open && <ActivityMenu label={`${common.edit}: ${entry.title}`} of={{ id: String(entry.id), deadline: entry.deadline ?? null, responsible: String(entry.responsibleId) }} more={[...own, ...more]} />}
      {!open && menu.length > 0 && <Menu label={`${common.edit}: ${entry.title || label}`} items={menu} />}
    </li>
  )
}
