// Applications that the user may open, and the places that they fill.
import { askOwn } from '../base/session'

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

export const askApp = <T>(action: string, more: Record<string, string | number> = {}): Promise<T> => askOwn<T>('app', action, more)

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

// The page of this host in which the application's frame stands; `place` may be one of its types of fields.
export function frameAddress(app: number, place: number | string = 0, options: Record<string, unknown> = {}): string {
  const query = new URLSearchParams()
  if (place) query.set(typeof place === 'number' ? 'place' : 'type', String(place))
  if (Object.keys(options).length) query.set('options', JSON.stringify(options))
  const text = query.toString()
  return `/app/${app}${text ? `?${text}` : ''}`
}
