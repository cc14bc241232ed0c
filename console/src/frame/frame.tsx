// The frame of an application: opened by a form that posts to its handler, and told what it asks. It is spoken to only by its
// window and its sid, from the origin of its handler; what it is told goes to that origin and to no other.
import { useEffect, useRef } from 'preact/hooks'
import { language } from '../base/words'
import { newSid } from './message'
import type { BuiltIn } from './builtin'
import { answerer, type Opened, type Parent } from './commands'

interface Props {
  app: number
  opened: Opened
  options: Record<string, unknown> // PLACEMENT_OPTIONS
  parent: Parent
  builtIn?: BuiltIn // it is not seen itself
}

export function AppFrame({ app, opened, options, parent, builtIn }: Props) {
  const frame = useRef<HTMLIFrameElement>(null)
  const form = useRef<HTMLFormElement>(null)
  const sid = useRef('')
  sid.current ||= newSid()
  const name = `${opened.domain}|${opened.protocol}|${sid.current}`
  const address = new URL(opened.handler)
  for (const [key, value] of [['DOMAIN', opened.domain], ['PROTOCOL', opened.protocol], ['LANG', language], ['APP_SID', sid.current]] as const) address.searchParams.set(key, value)
  useEffect(() => {
    const answer = answerer({ app, opened, options, builtIn, sid: sid.current, frame: frame.current!, origin: address.origin, parent })
    addEventListener('message', answer)
    form.current!.submit()
    return () => removeEventListener('message', answer)
  }, [])
  return (
    <>
      <form ref={form} method="post" action={address.href} target={name} hidden>
        {Object.entries({ ...opened.fields, PLACEMENT_OPTIONS: JSON.stringify(options) }).map(([key, value]) => <input key={key} type="hidden" name={key} value={value} />)}
      </form>
      <iframe
        ref={frame} name={name} height={opened.height || undefined} title={opened.title} class="application" hidden={Boolean(builtIn)}
        sandbox="allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads allow-modals"
      />
    </>
  )
}
