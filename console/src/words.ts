// The words of the console, in the browser's language. A word that a language lacks is a type error.
const en = {
  signIn: 'Sign in',
  login: 'Login',
  password: 'Password',
  signOut: 'Sign out',
  myDay: 'My day'
}

const ru: typeof en = {
  signIn: 'Войти',
  login: 'Логин',
  password: 'Пароль',
  signOut: 'Выйти',
  myDay: 'Мой день'
}

export const language = navigator.language.toLowerCase().startsWith('ru') ? 'ru' : 'en'
export const words = language === 'ru' ? ru : en
document.documentElement.lang = language
