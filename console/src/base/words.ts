// The browser's language, and how words are told in it. Each folder has a file of words of its own: `choose` makes a word
// that a language lacks a type error.
export const language: 'en' | 'ru' = navigator.language.toLowerCase().startsWith('ru') ? 'ru' : 'en'
document.documentElement.lang = language

// The same keys, with values of the same kind.
type Same<T> = { [K in keyof T]: T[K] extends string ? string : T[K] }

export function choose<T extends object>(en: T, ru: Same<T>): Same<T> {
  return language === 'ru' ? ru : (en as Same<T>)
}

const rules = new Intl.PluralRules(language)

// plural(3, 'call', 'calls') in English; in Russian one, few, many: plural(3, 'звонок', 'звонка', 'звонков').
export function plural(count: number, one: string, few: string, many = few): string {
  const rule = rules.select(count)
  return rule === 'one' ? one : rule === 'few' ? few : many
}

export const words = choose(
  {
    signIn: 'Sign in',
    signOut: 'Sign out',
    signOutEverywhere: 'Sign out other browsers',
    signedOutEverywhere: 'Other browsers are signed out',
    login: 'Login',
    password: 'Password',
    oldPassword: 'Password now',
    newPassword: 'New password',
    changePassword: 'Change password',
    passwordChanged: 'The password is changed; other browsers are signed out',
    myDay: 'My day',
    toContent: 'Skip to the content',
    menu: 'Menu',
    search: 'Search',
    searchHint: 'Name, phone, e-mail or number',
    nothingFound: 'Nothing found',
    save: 'Save',
    cancel: 'Cancel',
    close: 'Close',
    edit: 'Edit',
    remove: 'Remove',
    undo: 'Undo',
    undone: 'Undone',
    more: 'Show more',
    retry: 'Try again',
    failed: 'This could not be shown',
    yes: 'Yes',
    no: 'No',
    none: 'None',
    file: 'File',
    currency: 'Currency',
    add: 'Add',
    choose: 'Choose',
    all: 'All',
    lists: 'CRM',
    developers: 'Developers',
    administration: 'Administration',
    noPage: 'There is no such page.',
    offline: 'The server cannot be reached'
  },
  {
    signIn: 'Войти',
    signOut: 'Выйти',
    signOutEverywhere: 'Выйти в других браузерах',
    signedOutEverywhere: 'В других браузерах выполнен выход',
    login: 'Логин',
    password: 'Пароль',
    oldPassword: 'Нынешний пароль',
    newPassword: 'Новый пароль',
    changePassword: 'Сменить пароль',
    passwordChanged: 'Пароль сменён; в других браузерах выполнен выход',
    myDay: 'Мой день',
    toContent: 'К содержанию',
    menu: 'Меню',
    search: 'Поиск',
    searchHint: 'Имя, телефон, e-mail или номер',
    nothingFound: 'Ничего не найдено',
    save: 'Сохранить',
    cancel: 'Отмена',
    close: 'Закрыть',
    edit: 'Изменить',
    remove: 'Убрать',
    undo: 'Отменить',
    undone: 'Отменено',
    more: 'Показать ещё',
    retry: 'Повторить',
    failed: 'Не удалось показать',
    yes: 'Да',
    no: 'Нет',
    none: 'Нет',
    file: 'Файл',
    currency: 'Валюта',
    add: 'Добавить',
    choose: 'Выбрать',
    all: 'Все',
    lists: 'CRM',
    developers: 'Разработчикам',
    administration: 'Управление',
    noPage: 'Такой страницы нет.',
    offline: 'Сервер недоступен'
  }
)
