// What is shown: the sign-in, or the page of the address (#/...).
import { useEffect } from 'preact/hooks'
import { begin, session, signOut } from './session'
import { SignIn } from './signin'
import { words } from './words'

export function App() {
  useEffect(() => void begin(), [])
  const now = session.value
  if (now.is === 'asking') return <main aria-busy="true" />
  if (now.is === 'out') return <SignIn />
  return (
    <>
      <header>
        <strong>Rapport</strong>
        <span>{now.person.name}</span>
        <button class="plain" onClick={() => void signOut(false)}>{words.signOut}</button>
      </header>
      <main>
        <h1>{words.myDay}</h1>
      </main>
    </>
  )
}
