// The places of a screen that applications fill: buttons that open their frames, tabs that show them.
import { useState } from 'preact/hooks'
import { useRead } from '../base/store'
import type { MenuItem } from '../pieces/pieces'
import { frameAddress, placesOf, readApps, type FilledPlace } from './apps'
import { HostFrame } from './host'
import { openSlider } from './slider'
import { words } from './words'

export function usePlaces(...codes: string[]): FilledPlace[] {
  const { data } = useRead('apps', ['apps'], readApps)
  return data ? placesOf(data, codes) : []
}

const TYPES: Record<number, string> = { 1: 'LEAD', 2: 'DEAL', 3: 'CONTACT', 4: 'COMPANY', 7: 'QUOTE', 31: 'SMART_INVOICE' }

// "CRM_DEAL_DETAIL_TAB"
export const codeOf = (typeId: number, place: string): string => `CRM_${TYPES[typeId] ?? `DYNAMIC_${typeId}`}_${place}`

export const titleOfPlace = (place: FilledPlace): string => place.title || place.appTitle

function show(place: FilledPlace, options: Record<string, unknown>, again?: () => void): void {
  openSlider({ address: frameAddress(place.app, place.id, options), title: titleOfPlace(place), closed: again })
}

// Those that are drawn here by what their application describes open above the timeline, the others over the page.
export function PlaceDeeds({ places, of, again }: { places: FilledPlace[]; of: { typeId: number; id: number }; again: () => void }) {
  const [open, setOpen] = useState<FilledPlace | null>(null)
  if (!places.length) return null
  const press = (place: FilledPlace) => (place.options.useBuiltInInterface === 'Y' ? setOpen(place === open ? null : place) : show(place, { ID: String(of.id) }, again))
  const options = { entityTypeId: of.typeId, entityId: of.id, useBuiltInInterface: 'Y' }
  return (
    <>
      <p class="buttons">
        {places.map(place => <button type="button" class="plain" key={place.id} aria-pressed={place.options.useBuiltInInterface === 'Y' ? place === open : undefined} onClick={() => press(place)}>{titleOfPlace(place)}</button>)}
      </p>
      {open && <HostFrame key={open.id} address={frameAddress(open.app, open.id, options)} title={titleOfPlace(open)} onReload={again} onClose={() => setOpen(null)} />}
    </>
  )
}

// Where the page itself shows what an application fills; the other places have nowhere to stand, and are opened from its own page.
const SHOWN = /^CRM_(\w+_(DETAIL_(TAB|TOOLBAR|ACTIVITY)|LIST_(MENU|TOOLBAR)|ACTIVITY_TIMELINE_MENU)|ACTIVITY_LIST_(MENU|TOOLBAR))$/
const CONNECTOR = { CONNECTOR: '', LINE: '1', STATUS: false, ACTIVE_STATUS: false, CONNECTION_STATUS: false, REGISTER_STATUS: false, ERROR_STATUS: false }

export function OtherPlaces({ app }: { app: number }) {
  const { data } = useRead('apps', ['apps'], readApps)
  const mine = data?.find(one => one.id === app)
  const places = (mine?.places ?? []).filter(one => !SHOWN.test(one.placement)).map(one => ({ ...one, app, appTitle: mine!.title }))
  if (!places.length) return null
  return (
    <p class="buttons" role="group" aria-label={words.otherPlaces}>
      {places.map(place => (
        <button type="button" class="plain" key={place.id} title={place.placement} onClick={() => show(place, place.placement === 'SETTING_CONNECTOR' ? CONNECTOR : {})}>{place.title || place.placement}</button>
      ))}
    </p>
  )
}

// A button for each; nothing where there is none.
export function PlaceButtons({ places, options, again }: { places: FilledPlace[]; options: Record<string, unknown>; again?: () => void }) {
  return <>{places.map(place => <button type="button" class="plain" key={place.id} onClick={() => show(place, options, again)}>{titleOfPlace(place)}</button>)}</>
}

export const placeItems = (places: FilledPlace[], options: Record<string, unknown>, again?: () => void): MenuItem[] =>
  places.map(place => ({ title: titleOfPlace(place), act: () => show(place, options, again) }))

export function PlaceTabs({ places, options, again }: { places: FilledPlace[]; options: Record<string, unknown>; again?: () => void }) {
  const [open, setOpen] = useState(0)
  const chosen = places.find(place => place.id === open)
  if (!places.length) return null
  return (
    <section class="panel">
      <div class="tabs">
        {places.map(place => (
          <button type="button" key={place.id} aria-pressed={place.id === open} onClick={() => setOpen(place.id === open ? 0 : place.id)}>{titleOfPlace(place)}</button>
        ))}
      </div>
      {chosen && <HostFrame key={chosen.id} address={frameAddress(chosen.app, chosen.id, options)} title={titleOfPlace(chosen)} onReload={again} />}
    </section>
  )
}
