import { choose } from '../base/words'

export const words = choose(
  {
    details: 'Details', linked: 'Linked', products: 'Products', timeline: 'Timeline', empty: 'Show empty fields', hideEmpty: 'Hide empty fields',
    planned: 'Planned', pinned: 'Pinned', history: 'History', noHistory: 'Nothing has happened yet.', noPlans: 'Nothing is planned.',
    comment: 'Comment', todo: 'To-do', call: 'Call', meeting: 'Meeting', writeComment: 'Write a comment', subject: 'Subject', when: 'When', until: 'Until',
    phone: 'Phone', contactOf: 'With whom (phone or e-mail)', plan: 'Plan', planCall: 'Plan a call', planMeeting: 'Plan a meeting', planTodo: 'Plan a to-do', send: 'Add', pin: 'Pin', unpin: 'Unpin', complete: 'Complete', reopen: 'Plan again',
    stageChanged: 'Stage', created: 'Created', moved: 'Moved to', finished: 'Finished at', note: 'Note', byApp: 'By an application',
    removeItem: 'Delete', sure: 'Delete this for good?', removed: 'Deleted', saved: 'Saved', communications: 'Phones and e-mails', name: 'Name', price: 'Price', quantity: 'Quantity', sum: 'Sum', total: 'Total', addProduct: 'Add a product',
    stages: 'Stages', commentRemoved: 'The comment is deleted', files: (n: number) => `${n} file(s)`, incoming: 'Incoming', noSuch: 'There is no such row, or you may not read it.'
  },
  {
    details: 'Сведения', linked: 'Связи', products: 'Товары', timeline: 'Лента', empty: 'Показать пустые поля', hideEmpty: 'Скрыть пустые поля',
    planned: 'Запланировано', pinned: 'Закреплено', history: 'История', noHistory: 'Пока ничего не происходило.', noPlans: 'Ничего не запланировано.',
    comment: 'Комментарий', todo: 'Дело', call: 'Звонок', meeting: 'Встреча', writeComment: 'Напишите комментарий', subject: 'Тема', when: 'Когда', until: 'До',
    phone: 'Телефон', contactOf: 'С кем (телефон или e-mail)', plan: 'Запланировать', planCall: 'Запланировать звонок', planMeeting: 'Запланировать встречу', planTodo: 'Запланировать дело', send: 'Добавить', pin: 'Закрепить', unpin: 'Открепить', complete: 'Выполнить', reopen: 'Вернуть в план',
    stageChanged: 'Стадия', created: 'Создано', moved: 'Переведено на', finished: 'Завершено на', note: 'Заметка', byApp: 'От приложения',
    removeItem: 'Удалить', sure: 'Удалить навсегда?', removed: 'Удалено', saved: 'Сохранено', communications: 'Телефоны и e-mail', name: 'Название', price: 'Цена', quantity: 'Количество', sum: 'Сумма', total: 'Итого', addProduct: 'Добавить товар',
    stages: 'Стадии', commentRemoved: 'Комментарий удалён', files: (n: number) => `Файлов: ${n}`, incoming: 'Входящее', noSuch: 'Такой строки нет или она вам недоступна.'
  }
)
