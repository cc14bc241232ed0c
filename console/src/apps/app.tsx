// An application's own page, and the list of those that there are. The frame stands in a page of its own (/app/5), whose
// content policy names the application's origin.
import { useEffect, useRef, useState } from 'preact/hooks'
import { href } from '../base/router'
import { useRead } from '../base/store'
import { Empty, Reading } from '../pieces/pieces'
import type { ScreenProps } from '../screens'
import { frameAddress, readApps } from './apps'
import { words } from './words'

// A page of this host in a frame of this host: it tells how high it is, what it is called, and that something is to be read again.
export function HostFrame({ address, title, onTitle, onReload, fill }: { address: string; title: string; onTitle?: (title: string) => void; onReload?: () => void; fill?: boolean }) {
  const frame = useRef<HTMLIFrameElement>(null)
  const [height, setHeight] = useState(0)
  useEffect(() => {
    const hear = (event: MessageEvent) => {
      if (event.source !== frame.current?.contentWindow || event.origin !== location.origin) return
      const { told, value } = event.data as { told?: string; value?: unknown }
      if (told === 'title') onTitle?.(String(value))
      if (told === 'height' && !fill) setHeight(Number(value))
      if (told === 'reload') onReload?.()
      if (told === 'go') location.hash = String(value)
    }
    addEventListener('message', hear)
    return () => removeEventListener('message', hear)
  })
  return <iframe ref={frame} class={fill ? 'host fill' : 'host'} src={address} title={title} height={height || undefined} />
}

export default function AppScreen({ args, query }: ScreenProps) {
  const id = Number(args[0])
  const read = useRead('apps', ['apps'], readApps)
  const [title, setTitle] = useState('')
  useEffect(() => setTitle(''), [id])
  if (!id)
    return (
      <>
        <div class="head"><h1>{words.applications}</h1></div>
        <Reading read={read}>
          {() => (read.data!.length ? (
            <ul class="plain-list panel">
              {read.data!.map(app => (
                <li key={app.id} class="row">
                  <a href={href('app', app.id)}>{app.title}</a>
                  {!app.installed && <small class="soft">{words.notInstalled}</small>}
                </li>
              ))}
            </ul>
          ) : <Empty>{words.noApps}</Empty>)}
        </Reading>
      </>
    )
  const name = title || read.data?.find(app => app.id === id)?.title || words.applications
  const options = query.get('options')
  return (
    <>
      <div class="head"><h1>{name}</h1></div>
      <HostFrame
        key={`${id} ${options}`} address={frameAddress(id, 0, options ? (JSON.parse(options) as Record<string, unknown>) : {})}
        title={name} onTitle={setTitle} onReload={() => location.reload()} fill
      />
    </>
  )
}
