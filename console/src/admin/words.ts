import { choose } from '../base/words'

export const words = choose(
  {
    fields: 'Custom fields', of: 'Of', name: 'Name', label: 'Label', type: 'Type', multiple: 'Multiple', mandatory: 'Required', add: 'Add a field', noFields: 'No custom field yet.', choices: 'Choices, one a line', removeField: 'Remove this field? Its values are kept for a day.', removed: 'Removed', added: 'Added',
    funnels: 'Funnels and types', funnel: 'Funnel', newFunnel: 'New funnel', stages: 'Stages', newStage: 'New stage', color: 'Colour', sort: 'Order', smart: 'Smart processes', newType: 'New smart process', title: 'Title', number: 'Number', withStages: 'Stages', withFunnels: 'Funnels', withProducts: 'Products', noTypes: 'No smart process yet.', sure: 'Remove it?', won: 'won', lost: 'lost',
    users: 'Users', person: 'Person', email: 'E-mail', position: 'Position', department: 'Department', active: 'Active', dismissed: 'Dismissed', firstName: 'First name', lastName: 'Last name', newUser: 'New user', dismiss: 'Dismiss', dropFactor: 'Remove second factor', dropFactorHint: (name: string) => `${name} will sign in by the password alone, until a new one is set up.`, factorDropped: 'The second factor is removed', takeBack: 'Take back', departments: 'Departments', newDepartment: 'New department', within: 'Within'
  },
  {
    fields: 'Пользовательские поля', of: 'Чьи', name: 'Имя', label: 'Подпись', type: 'Тип', multiple: 'Множественное', mandatory: 'Обязательное', add: 'Добавить поле', noFields: 'Полей пока нет.', choices: 'Варианты, по одному в строке', removeField: 'Убрать поле? Значения хранятся ещё день.', removed: 'Убрано', added: 'Добавлено',
    funnels: 'Воронки и типы', funnel: 'Воронка', newFunnel: 'Новая воронка', stages: 'Стадии', newStage: 'Новая стадия', color: 'Цвет', sort: 'Порядок', smart: 'Смарт-процессы', newType: 'Новый смарт-процесс', title: 'Название', number: 'Номер', withStages: 'Стадии', withFunnels: 'Воронки', withProducts: 'Товары', noTypes: 'Смарт-процессов пока нет.', sure: 'Убрать?', won: 'успех', lost: 'провал',
    users: 'Пользователи', person: 'Сотрудник', email: 'E-mail', position: 'Должность', department: 'Отдел', active: 'Работает', dismissed: 'Уволен', firstName: 'Имя', lastName: 'Фамилия', newUser: 'Новый пользователь', dismiss: 'Уволить', dropFactor: 'Убрать второй фактор', dropFactorHint: (name: string) => `${name}: для входа будет достаточно пароля, пока не настроен новый.`, factorDropped: 'Второй фактор убран', takeBack: 'Вернуть', departments: 'Отделы', newDepartment: 'Новый отдел', within: 'Входит в'
  }
)
