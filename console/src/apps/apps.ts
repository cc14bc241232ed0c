// Applications that the user may open, and the places that they fill.
import { Refused, signedOut } from '../base/session'

export interface AppPlace {
  id: number
  placement: string
  title: string
  description: string
  options: Record<string, unknown>
}

export interface App {
  id: number
  title: string
  installed: boolean
  places: AppPlace[]
}

// What /console/app offers; rejects with its words for people.
export async function askApp<T>(action: string, more: Record<string, string | number> = {}): Promise<T> {
  const answer = await fetch('/console/app', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ action, ...more })
  })
  const json = await answer.json()
  if (answer.ok) return json
  if (answer.status === 401) signedOut()
  throw new Refused(json.error_description ?? json.error, answer.status)
}

export const readApps = (): Promise<App[]> => askApp<App[]>('list')

export interface FilledPlace extends AppPlace {
  app: number
  appTitle: string
}

// Those that fill one of these places.
export function placesOf(apps: App[], codes: string[]): FilledPlace[] {
  return apps.flatMap(app =>
    app.places.filter(one => codes.includes(one.placement)).map(one => ({ ...one, app: app.id, appTitle: app.title }))
  )
}

// The page of this host in which the application's frame stands.
export function frameAddress(app: number, place = 0, options: Record<string, unknown> = {}): string {
  const query = new URLSearchParams()
  if (place) query.set('place', String(place))
  if (Object.keys(options).length) query.set('options', JSON.stringify(options))
  const text = query.toString()
  return `/app/${app}${text ? `?${text}` : ''}`
}
