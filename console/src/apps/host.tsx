import { useEffect, useRef, useState } from 'preact/hooks'

// A page of this host in a frame of this host: it tells how high it is, what it is called, and that something is to be read again.
// Options that may be longer than an address go to it as its name (frame/main).
const MOST_HEIGHT = 10_000 // pixels: a page that is as high as its frame would grow for ever

export function HostFrame({ address, options, title, onTitle, onReload, onValue, onClose, fill }: { address: string; title: string; options?: Record<string, unknown>; onValue?: (value: unknown) => void; onClose?: () => void; onTitle?: (title: string) => void; onReload?: () => void; fill?: boolean }) {
  const frame = useRef<HTMLIFrameElement>(null)
  const [height, setHeight] = useState(0)
  useEffect(() => {
    const hear = (event: MessageEvent) => {
      if (event.source !== frame.current?.contentWindow || event.origin !== location.origin) return
      const { told, value } = event.data as { told?: string; value?: unknown }
      if (told === 'title') onTitle?.(String(value))
      if (told === 'height' && !fill) setHeight(Math.min(Number(value), MOST_HEIGHT))
      if (told === 'reload') onReload?.()
      if (told === 'close') onClose?.()
      if (told === 'value') onValue?.(value)
      if (told === 'go') location.hash = String(value)
    }
    addEventListener('message', hear)
    return () => removeEventListener('message', hear)
  })
  return <iframe ref={frame} class={fill ? 'host fill' : 'host'} name={options && JSON.stringify(options)} src={address} title={title} height={height || undefined} />
}
