// The script of /app/ID: which application, which place and with which options the address says; of a frame of the console's its name may
// say the options, too.
import { render } from 'preact'
import { begin } from '../base/session'
import { readTypes } from '../base/types'
import { Host } from './host'

function optionsOf(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text || '{}')
    return value && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

const { app, place, title, type } = document.body.dataset
const framed = parent !== window
const given = optionsOf(new URLSearchParams(location.search).get('options') ?? (framed ? window.name : ''))
const uri = framed ? `${parent.location.pathname}${parent.location.hash}` : location.pathname
void begin().then(() => readTypes().catch(() => undefined))
render(<Host app={Number(app)} place={Number(place)} type={type ?? ''} title={title ?? ''} options={{ ...given, URI: uri }} />, document.body)
