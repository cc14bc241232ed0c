// What waits to be sent, what was given up and why, and who hears of which event.
import { askOwn } from '../base/session'
import { touch, useRead } from '../base/store'
import { Empty, Moment, Reading } from '../pieces/pieces'
import { attempt } from '../pieces/toast'
import { words } from './words'

interface Sent {
  id: number
  event?: string
  handler?: string
  activity_id?: number
  created: number
  attempts: number
  gave_up: number
  last_error: string
}

interface Shown {
  events: Sent[]
  mails: Sent[]
  subscriptions: { id: number; event: string; handler: string; offline: number; kind: 'A' | 'H'; subscriber_id: number }[]
  waiting: number
  given_up: number
}

const moment = (seconds: number) => new Date(seconds * 1000).toISOString()
const act = (action: 'delivery_retry' | 'delivery_drop', kind: string, id: number) => void attempt(() => askOwn('admin', action, { kind, id })).then(() => touch('deliveries'))

function Table({ kind, rows }: { kind: 'event' | 'mail'; rows: Sent[] }) {
  if (!rows.length) return null
  return (
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th scope="col">{kind === 'mail' ? words.activity : words.event}</th>
            {kind === 'event' && <th scope="col">{words.handler}</th>}
            <th scope="col">{words.made}</th><th scope="col">{words.attempts}</th><th scope="col">{words.error}</th><td />
          </tr>
        </thead>
        <tbody>
          {rows.map(one => (
            <tr key={one.id}>
              <th scope="row">{one.event ?? one.activity_id} {one.gave_up ? <span class="tag failure">{words.gaveUp}</span> : <span class="tag">{words.waits}</span>}</th>
              {kind === 'event' && <td>{one.handler}</td>}
              <td><Moment at={moment(one.created)} /></td>
              <td>{one.attempts}</td>
              <td class="reason">{one.last_error}</td>
              <td class="buttons">
                {one.gave_up > 0 && <button class="plain small" aria-label={`${words.again}: ${one.id}`} onClick={() => act('delivery_retry', kind, one.id)}>{words.again}</button>}
                <button class="plain small" aria-label={`${words.drop}: ${one.id}`} onClick={() => act('delivery_drop', kind, one.id)}>{words.drop}</button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.some(one => one.gave_up > 0) && (
        <p class="buttons">
          <button class="plain" onClick={() => act('delivery_retry', kind, 0)}>{words.allAgain}</button>
          <button class="plain" onClick={() => act('delivery_drop', kind, 0)}>{words.allDrop}</button>
        </p>
      )}
    </div>
  )
}

export default function Deliveries() {
  const read = useRead('deliveries', ['deliveries'], () => askOwn<Shown>('admin', 'deliveries'))
  return (
    <>
      <div class="head">
        <h1>{words.deliveries} {read.data && <small>{words.counts(read.data.waiting, read.data.given_up)}</small>}</h1>
        <button class="plain" onClick={read.again}>{words.refresh}</button>
      </div>
      <Reading read={read}>
        {() => {
          const { events, mails, subscriptions } = read.data!
          return (
            <>
              {!events.length && !mails.length && <Empty>{words.noDeliveries}</Empty>}
              <Table kind="event" rows={events} />
              {mails.length > 0 && <h2>{words.mails}</h2>}
              <Table kind="mail" rows={mails} />
              <h2>{words.subscriptions}</h2>
              {!subscriptions.length ? <Empty>{words.noSubscriptions}</Empty> : (
                <div class="wide">
                  <table>
                    <thead><tr><th scope="col">{words.event}</th><th scope="col">{words.handler}</th><th scope="col">{words.whose}</th></tr></thead>
                    <tbody>
                      {subscriptions.map(one => (
                        <tr key={one.id}>
                          <th scope="row">{one.event}</th>
                          <td>{one.offline ? words.offline : one.handler}</td>
                          <td>{one.kind === 'A' ? words.app : words.hook} {one.subscriber_id}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              )}
            </>
          )
        }}
      </Reading>
    </>
  )
}
