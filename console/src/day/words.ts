import { choose, plural } from '../base/words'

export const words = choose(
  {
    overdue: 'Overdue', today: 'Today', tomorrow: 'Tomorrow', later: 'Later', none: 'No deadline',
    me: 'My activities', everybody: 'All that I may see', colleague: 'Of a colleague', whose: 'Whose',
    list: 'List', board: 'Board', view: 'View',
    newTodo: 'New to-do', what: 'What is to be done', for: 'For', deadline: 'Deadline',
    complete: 'Complete', completed: 'Completed', reopened: 'Planned again', move: 'Move to another day', handOver: 'Hand over', open: 'Open',
    moved: 'Moved', handed: 'Handed over', inAnHour: 'In an hour', tomorrowMorning: 'Tomorrow', nextWeek: 'In a week', another: 'Another time',
    nothing: 'Nothing is planned here. New activities appear by themselves.',
    incoming: 'Incoming', outgoing: 'Outgoing', all: 'All', type: 'Type', text: 'In the subject',
    call: 'Calls', meeting: 'Meetings', email: 'E-mails', todo: 'To-dos', other: 'Other',
    added: 'The to-do is planned', noCard: 'Choose what it is for.',
    count: (n: number) => `${n} ${plural(n, 'activity', 'activities')}`
  },
  {
    overdue: 'Просрочены', today: 'Сегодня', tomorrow: 'Завтра', later: 'Позже', none: 'Без срока',
    me: 'Мои дела', everybody: 'Все доступные мне', colleague: 'Дела коллеги', whose: 'Чьи',
    list: 'Список', board: 'Доска', view: 'Вид',
    newTodo: 'Новое дело', what: 'Что сделать', for: 'Для', deadline: 'Срок',
    complete: 'Выполнить', completed: 'Выполнено', reopened: 'Снова запланировано', move: 'Перенести', handOver: 'Передать', open: 'Открыть',
    moved: 'Перенесено', handed: 'Передано', inAnHour: 'Через час', tomorrowMorning: 'Завтра', nextWeek: 'Через неделю', another: 'Другое время',
    nothing: 'Здесь ничего не запланировано. Новые дела появятся сами.',
    incoming: 'Входящие', outgoing: 'Исходящие', all: 'Все', type: 'Тип', text: 'В названии',
    call: 'Звонки', meeting: 'Встречи', email: 'Письма', todo: 'Дела', other: 'Другое',
    added: 'Дело запланировано', noCard: 'Выберите, для чего оно.',
    count: (n: number) => `${n} ${plural(n, 'дело', 'дела', 'дел')}`
  }
)
