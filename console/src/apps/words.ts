import { choose } from '../base/words'

export const words = choose(
  {
    applications: 'Applications',
    otherPlaces: 'Its other places',
    opening: 'The application is being opened',
    selectUser: 'Choose a person',
    selectUsers: 'Choose people',
    selectAccess: 'Choose who',
    selectCrm: 'Choose',
    everybody: 'Everybody',
    department: 'Department',
    ready: 'Done',
    chosen: 'Chosen',
    openPath: 'The application opens a page',
    open: 'Open',
    notHere: 'Messages and calls are not part of this portal.',
    noApps: 'No application has a page here. An administrator adds one with rapport app add.',
    notInstalled: 'not installed yet'
  },
  {
    applications: 'Приложения',
    otherPlaces: 'Другие места',
    opening: 'Приложение открывается',
    selectUser: 'Выберите сотрудника',
    selectUsers: 'Выберите сотрудников',
    selectAccess: 'Выберите, кому',
    selectCrm: 'Выберите',
    everybody: 'Все',
    department: 'Отдел',
    ready: 'Готово',
    chosen: 'Выбрано',
    openPath: 'Приложение открывает страницу',
    open: 'Открыть',
    notHere: 'Сообщений и звонков на этом портале нет.',
    noApps: 'Ни у одного приложения нет страницы. Администратор добавляет их командой rapport app add.',
    notInstalled: 'ещё не установлено'
  }
)
