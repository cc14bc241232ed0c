// An application's own page, and the list of those that there are. The frame stands in a page of its own (/app/5), whose
// content policy names the application's origin.
import { useEffect, useState } from 'preact/hooks'
import { href } from '../base/router'
import { useRead } from '../base/store'
import { Empty, Reading } from '../pieces/pieces'
import type { ScreenProps } from '../screens'
import { frameAddress, readApps } from './apps'
import { HostFrame } from './host'
import { OtherPlaces } from './places'
import { words } from './words'

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
      <OtherPlaces app={id} />
      <HostFrame
        key={`${id} ${options}`} address={frameAddress(id, 0, options ? (JSON.parse(options) as Record<string, unknown>) : {})}
        title={name} onTitle={setTitle} onReload={() => location.reload()} fill
      />
    </>
  )
}
