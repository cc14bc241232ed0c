// What a list or a board shows: kept in the address, so that a link and a reload show the same.
import type { Params } from '../base/rest'
import { typeOf } from '../base/types'

export interface Choice {
  text: string
  stage: string
  funnel: string
  who: string
  field: string // one more, by its name, with the value that it must have
  value: string
  sort: string // "-createdTime"
}

export function readChoice(query: URLSearchParams): Choice {
  const at = (name: string) => query.get(name) ?? ''
  return { text: at('text'), stage: at('stage'), funnel: at('funnel'), who: at('who'), field: at('field'), value: at('value'), sort: at('sort') || '-id' }
}

export function filterOf(typeId: number, choice: Choice): Params {
  const type = typeOf(typeId)
  const filter: Params = {}
  if (choice.text && type.person) filter[0] = { logic: 'OR', 0: { '%name': choice.text }, 1: { '%lastName': choice.text } }
  else if (choice.text) filter['%title'] = choice.text
  if (choice.stage) filter.stageId = choice.stage
  if (choice.funnel) filter.categoryId = choice.funnel
  if (choice.who) filter.assignedById = choice.who
  if (choice.field && choice.value) filter[choice.field] = choice.value
  return filter
}

export function orderOf(choice: Choice): Params {
  const down = choice.sort.startsWith('-')
  const name = down ? choice.sort.slice(1) : choice.sort
  return { [name]: down ? 'DESC' : 'ASC', ...(name === 'id' ? {} : { id: 'DESC' }) }
}
