// Where one is: "#/card/2/15?tab=history" is the screen `card` with the arguments 2 and 15.
import { signal } from '@preact/signals'

export interface Place {
  screen: string
  args: string[]
  query: URLSearchParams
}

// A link that signs in leads to the first screen.
function read(): Place {
  const hash = location.hash.startsWith('#signin=') ? '' : location.hash
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2)
  const [screen = '', ...args] = path.split('/').filter(Boolean).map(decodeURIComponent)
  return { screen: screen || 'day', args, query: new URLSearchParams(query) }
}

export const place = signal<Place>(read())
addEventListener('hashchange', () => (place.value = read()))

export function href(screen: string, ...args: (string | number)[]): string {
  return `#/${[screen, ...args].map(encodeURIComponent).join('/')}`
}

export function go(address: string): void {
  location.hash = address
}

// Keeps a choice in the address, so that a reload and a link show the same; "" takes it out.
export function keep(name: string, value: string): void {
  const query = new URLSearchParams(place.value.query)
  value ? query.set(name, value) : query.delete(name)
  const [path] = location.hash.split('?', 1)
  const text = query.toString()
  history.replaceState(null, '', `${path || '#/day'}${text ? `?${text}` : ''}`)
  place.value = read()
}
