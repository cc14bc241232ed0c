// What is shown: the sign-in, or the frame of the page with the screen of the address (#/...).
import { Component, type ComponentChildren, type ComponentType } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { SignIn } from './account/signin'
import { readApps } from './apps/apps'
import { Slider } from './apps/slider'
import { startListening, stopListening } from './base/live'
import { forgetNames } from './base/names'
import { go, href, place } from './base/router'
import { begin, session, signOut } from './base/session'
import { forgetAll, useRead } from './base/store'
import { forgetDirectories, readTypes, types } from './base/types'
import { choose, words } from './base/words'
import { Chooser } from './pieces/chooser'
import { Icon } from './pieces/icon'
import { Menu } from './pieces/pieces'
import { attempt, Toasts } from './pieces/toast'
import { screens, type ScreenProps } from './screens'

const titles = choose(
  { calls: 'Calls', explorer: 'Methods', control: 'Faults and clock', fields: 'Custom fields', funnels: 'Funnels and types', users: 'Users', roles: 'Roles', webhooks: 'Incoming webhooks', hooks: 'Outgoing webhooks', apps: 'Applications', deliveries: 'Deliveries', account: 'Your sign-in', app: 'Applications' },
  { calls: 'Вызовы', explorer: 'Методы', control: 'Сбои и часы', fields: 'Поля', funnels: 'Воронки и типы', users: 'Пользователи', roles: 'Роли', webhooks: 'Входящие вебхуки', hooks: 'Исходящие вебхуки', apps: 'Приложения', deliveries: 'Доставка', account: 'Ваш вход', app: 'Приложения' }
)

class Guard extends Component<{ children: ComponentChildren }, { wrong?: Error }> {
  override state: { wrong?: Error } = {}
  override componentDidCatch(wrong: Error) {
    this.setState({ wrong })
  }
  override render() {
    if (!this.state.wrong) return this.props.children
    return (
      <div class="note" role="alert">
        <p>{words.failed}: {this.state.wrong.message}</p>
        <button class="plain" onClick={() => this.setState({ wrong: undefined })}>{words.retry}</button>
      </div>
    )
  }
}

// The page is called as its heading is, which comes when what it shows was read.
function useTitle(of: { current: HTMLElement | null }): void {
  useLayoutEffect(() => {
    const main = of.current
    if (!main) return
    const name = () => {
      const heading = main.querySelector('h1')?.firstChild?.textContent?.trim()
      document.title = heading ? `${heading} · Rapport` : 'Rapport'
    }
    const watch = new MutationObserver(name)
    watch.observe(main, { subtree: true, childList: true, characterData: true })
    name()
    return () => {
      watch.disconnect()
      document.title = 'Rapport'
    }
  }, [])
}

// A part that does not come is most often one of a server that was renewed meanwhile: its page has to be asked for anew.
function NotLoaded({ wrong }: { wrong: Error }) {
  return (
    <div class="note" role="alert">
      <p>{words.failed}: {wrong.message}</p>
      <button class="plain" onClick={() => location.reload()}>{words.retry}</button>
    </div>
  )
}

const loaded: Record<string, ComponentType<ScreenProps>> = {}

function Screen() {
  const { screen, args, query } = place.value
  const [, redraw] = useState(0)
  const [wrong, setWrong] = useState<{ screen: string; error: Error }>()
  const main = useRef<HTMLElement>(null)
  const came = useRef(false)
  useEffect(() => {
    const load = screens[screen]
    if (!load || loaded[screen]) return
    load().then(part => ((loaded[screen] = part.default), redraw(at => at + 1)), error => setWrong({ screen, error }))
  }, [screen])
  useTitle(main)
  // Who reads by ear is told where he is; not at the first screen, which is announced as the page.
  useEffect(() => {
    if (came.current) main.current?.focus()
    came.current = true
    scrollTo(0, 0)
  }, [screen, args.join()])
  const Part = loaded[screen]
  return (
    <main id="content" ref={main} tabIndex={-1} class={`screen-${screen}`}>
      <Guard key={`${screen}/${args.join('/')}`}>
        {wrong?.screen === screen ? <NotLoaded wrong={wrong.error} />
          : !screens[screen] ? <p class="note">{words.noPage}</p>
          : Part ? <Part args={args} query={query} />
          : <div class="spinner" aria-busy="true" />}
      </Guard>
    </main>
  )
}

function Link({ to, children }: { to: string; children: ComponentChildren }) {
  const here = location.hash.split('?')[0] === to || (to === href('day') && place.value.screen === 'day')
  return <a href={to} aria-current={here ? 'page' : undefined}>{children}</a>
}

// Nothing where there is none.
function Applications() {
  const { data } = useRead('apps', ['apps'], readApps)
  if (!data?.length) return null
  return (
    <>
      <h2>{titles.app}</h2>
      {data.map(app => <Link key={app.id} to={href('app', app.id)}>{app.title}</Link>)}
    </>
  )
}

function Navigation({ isAdmin, control }: { isAdmin: boolean; control: boolean }) {
  void place.value
  return (
    <nav id="nav" aria-label={words.menu}>
      <Link to={href('day')}>{words.myDay}</Link>
      <h2>{words.lists}</h2>
      {types.value.map(type => <Link key={type.id} to={href('list', type.id)}>{type.title}</Link>)}
      <Applications />
      <h2>{words.developers}</h2>
      <Link to={href('explorer')}>{titles.explorer}</Link>
      {isAdmin && control && <Link to={href('calls')}>{titles.calls}</Link>}
      {isAdmin && control && <Link to={href('control')}>{titles.control}</Link>}
      {isAdmin && (
        <>
          <h2>{words.administration}</h2>
          <Link to={href('fields')}>{titles.fields}</Link>
          <Link to={href('funnels')}>{titles.funnels}</Link>
          <Link to={href('users')}>{titles.users}</Link>
          <Link to={href('roles')}>{titles.roles}</Link>
          <Link to={href('webhooks')}>{titles.webhooks}</Link>
          <Link to={href('hooks')}>{titles.hooks}</Link>
          <Link to={href('apps')}>{titles.apps}</Link>
          <Link to={href('deliveries')}>{titles.deliveries}</Link>
        </>
      )}
    </nav>
  )
}

function Shell({ name, isAdmin, control }: { name: string; isAdmin: boolean; control: boolean }) {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    void readTypes().catch(() => undefined)
    startListening()
    return stopListening
  }, [])
  useEffect(() => setOpen(false), [place.value])
  return (
    <div class={open ? 'shell open' : 'shell'} onKeyDown={event => event.key === 'Escape' && setOpen(false)}>
      <a class="skip" href="#content" onClick={event => (event.preventDefault(), document.getElementById('content')?.focus())}>{words.toContent}</a>
      <header>
        <button class="bare burger" aria-label={words.menu} aria-expanded={open} aria-controls="nav" onClick={() => setOpen(!open)}>
          <Icon name="menu" />
        </button>
        <a class="brand" href={href('day')}>Rapport</a>
        <div class="find" role="search">
          <Chooser
            key={location.hash} label={words.search} hideLabel placeholder={words.searchHint}
            of={types.value.map(type => type.id)} onChoose={found => go(href('card', found.typeId, found.id))}
          />
        </div>
        <Menu
          label={name} text={name} icon="down"
          items={[
            { title: titles.account, act: () => go(href('account')) },
            { title: words.signOut, act: () => void attempt(() => signOut('here')) }
          ]}
        />
      </header>
      <Navigation isAdmin={isAdmin} control={control} />
      <Screen />
      <Slider />
      <Toasts />
    </div>
  )
}

export function App() {
  useEffect(() => void begin(), [])
  const now = session.value
  useEffect(() => {
    if (now.is === 'out') {
      forgetAll()
      forgetNames()
      forgetDirectories()
    }
  }, [now.is])
  if (now.is === 'asking') return <main aria-busy="true" />
  if (now.is === 'out') return <SignIn />
  return <Shell key={now.person.id} name={now.person.name} isAdmin={now.person.isAdmin} control={now.control} />
}

