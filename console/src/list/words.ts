import { choose, plural } from '../base/words'

export const words = choose(
  {
    columns: 'Columns', board: 'Board', list: 'List', view: 'View', addTitle: (one: string) => `New: ${one.toLowerCase()}`, filter: 'Filter', search: 'Search in the title',
    funnel: 'Funnel', stage: 'Stage', who: 'Responsible', anybody: 'Anybody', any: 'Any', empty: 'There is nothing that fits.',
    ascending: 'ascending', descending: 'descending', moveTo: 'Move to a stage', moved: (stage: string) => `Moved to “${stage}”`,
    rows: (n: number) => `${n} ${plural(n, 'row', 'rows')}`, noStages: 'This type has no stages.', field: 'Field', is: 'is', contains: 'contains', value: 'Value', addFilter: 'Filter by a field'
  },
  {
    columns: 'Колонки', board: 'Канбан', list: 'Список', view: 'Вид', addTitle: (one: string) => `Создание: ${one.toLowerCase()}`, filter: 'Фильтр', search: 'Искать в названии',
    funnel: 'Воронка', stage: 'Стадия', who: 'Ответственный', anybody: 'Любой', any: 'Любая', empty: 'Ничего не найдено.',
    ascending: 'по возрастанию', descending: 'по убыванию', moveTo: 'Перевести на стадию', moved: (stage: string) => `Стадия «${stage}»`,
    rows: (n: number) => `${n} ${plural(n, 'строка', 'строки', 'строк')}`, noStages: 'У этого типа нет стадий.', field: 'Поле', is: 'равно', contains: 'содержит', value: 'Значение', addFilter: 'Фильтр по полю'
  }
)
