import { choose } from '../base/words'

export const words = choose(
  {
    calls: 'Calls', method: 'Method', onlyWrong: 'Only what went wrong or was left out', own: 'Calls of this page, too', clear: 'Clear', waiting: 'No call has come yet. Whatever calls this server is shown here at once.',
    status: 'Status', duration: 'Time', who: 'Who', at: 'At', params: 'Parameters', answer: 'Answer', leftOut: 'Not known here, and ignored', error: 'Error', repeat: 'Repeat as myself', copyAs: 'Copy as', copied: 'Copied',
    commands: 'Commands', fault: 'Fault on purpose', requestId: 'Request', credential: 'Credential', address: 'Address', tooLarge: 'too large to be kept', page: 'this page', pause: 'Pause', goOn: 'Go on',
    explorer: 'Methods', find: 'Find a method', writes: 'writes', reads: 'reads', scope: 'Scope', docs: 'Documentation', required: 'required', tryIt: 'Try it', call: 'Call', body: 'Parameters, as JSON', notJson: 'This is no JSON object', errors: 'Errors', result: 'Result', pick: 'Choose a method on the left: what it takes, what it answers, and a place to try it as yourself.',
    control: 'Faults and clock', faults: 'Faults on purpose', addFault: 'Add a fault', kind: 'Kind', errorCode: 'Error code', delay: 'Delay (as 2s)', count: 'How often (empty: always)', hits: 'came', noFaults: 'No call fails on purpose.', clock: 'Clock', now: 'Now', frozen: 'stands still', runs: 'runs', freeze: 'Freeze', freezeAt: 'Freeze at', moveBy: 'Move by', resume: 'The system’s time', reset: 'Data', resetDemo: 'As the demo was made', resetEmpty: 'Empty portal', resetSure: 'All data of this portal are removed. Go on?', done: 'Done', methods: (n: number) => `${n} methods`, everyMethod: 'every method'
  },
  {
    calls: 'Вызовы', method: 'Метод', onlyWrong: 'Только с ошибкой или пропущенным', own: 'Вызовы этой страницы тоже', clear: 'Очистить', waiting: 'Вызовов ещё не было. Всё, что обращается к серверу, появится здесь сразу.',
    status: 'Статус', duration: 'Время', who: 'Кто', at: 'Когда', params: 'Параметры', answer: 'Ответ', leftOut: 'Здесь неизвестно и пропущено', error: 'Ошибка', repeat: 'Повторить от себя', copyAs: 'Скопировать как', copied: 'Скопировано',
    commands: 'Команды', fault: 'Намеренный сбой', requestId: 'Запрос', credential: 'Доступ', address: 'Адрес', tooLarge: 'слишком велико для журнала', page: 'эта страница', pause: 'Пауза', goOn: 'Продолжить',
    explorer: 'Методы', find: 'Найти метод', writes: 'изменяет', reads: 'читает', scope: 'Право', docs: 'Документация', required: 'обязательно', tryIt: 'Попробовать', call: 'Вызвать', body: 'Параметры в JSON', notJson: 'Это не объект JSON', errors: 'Ошибки', result: 'Ответ', pick: 'Выберите метод слева: что он принимает, что отвечает и где его попробовать от своего имени.',
    control: 'Сбои и часы', faults: 'Намеренные сбои', addFault: 'Добавить сбой', kind: 'Вид', errorCode: 'Код ошибки', delay: 'Задержка (2s)', count: 'Сколько раз (пусто: всегда)', hits: 'сработал', noFaults: 'Намеренных сбоев нет.', clock: 'Часы', now: 'Сейчас', frozen: 'стоят', runs: 'идут', freeze: 'Остановить', freezeAt: 'Остановить на', moveBy: 'Сдвинуть на', resume: 'Системное время', reset: 'Данные', resetDemo: 'Как в начале демо', resetEmpty: 'Пустой портал', resetSure: 'Все данные портала будут удалены. Продолжить?', done: 'Готово', methods: (n: number) => `Методов: ${n}`, everyMethod: 'каждый метод'
  }
)
