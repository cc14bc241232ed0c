// The row of filters above a list or a board.
import { useEffect, useLayoutEffect, useState } from 'preact/hooks'
import { keep } from '../base/router'
import { useRead } from '../base/store'
import { fieldsOf, funnels, shown, stagesOf, typeOf, type Choice as Option } from '../base/types'
import { words as common } from '../base/words'
import { Chooser } from '../pieces/chooser'
import { Icon } from '../pieces/icon'
import { Name } from '../pieces/pieces'
import { refersTo, useChoices } from '../pieces/field'
import type { Field } from '../base/types'
import type { Choice } from './choice'
import { words } from './words'

function Select({ label, value, options, name, any }: { label: string; value: string; options: Option[]; name: string; any?: string }) {
  return (
    <label>
      <span>{label}</span>
      <select value={value} onChange={event => keep(name, event.currentTarget.value)}>
        {any !== undefined && <option value="">{any}</option>}
        {options.map(option => <option key={option.id} value={option.id}>{option.title}</option>)}
      </select>
    </label>
  )
}

function ValueFilter({ field, typeId, value }: { field: Field; typeId: number; value: string }) {
  const choices = useChoices(field, typeId, null)
  const [text, setText] = useState(value.replace(/^%|%$/g, ''))
  const refers = refersTo(field)
  if (refers !== null) return <Chooser label={words.value} of={[refers]} onChoose={found => keep('value', String(found.id))} />
  if (choices || field.type === 'boolean')
    return (
      <Select
        label={words.value} name="value" value={value} any={words.any}
        options={choices ?? [{ id: 'Y', title: common.yes }, { id: 'N', title: common.no }]}
      />
    )
  return (
    <label>
      <span>{words.value}</span>
      <input
        type={field.type === 'date' || field.type === 'datetime' ? 'date' : field.type === 'integer' || field.type === 'double' ? 'number' : 'search'}
        value={text} onInput={event => setText(event.currentTarget.value)} onChange={event => keep('value', event.currentTarget.value)}
      />
    </label>
  )
}

interface Props {
  typeId: number
  choice: Choice
  board: boolean
}

export function Filters({ typeId, choice, board }: Props) {
  const type = typeOf(typeId)
  const [text, setText] = useState(choice.text)
  const [stages, setStages] = useState<Option[]>([])
  const [all, setAll] = useState<Option[]>([])
  const fields = useRead(`fields ${typeId}`, [], () => fieldsOf(typeId))
  useLayoutEffect(() => setText(choice.text), [choice.text]) // before anybody types
  useEffect(() => {
    if (type.funnels) funnels(typeId).then(setAll, () => undefined)
    if (type.stages && !board) stagesOf(typeId, Number(choice.funnel || 0)).then(setStages, () => undefined)
  }, [typeId, choice.funnel, type.funnels, type.stages])
  const usable = shown(fields.data ?? []).filter(field => field.type !== 'text' && field.type !== 'file' && !field.name.startsWith('parentId'))
  const field = usable.find(one => one.name === choice.field)
  return (
    <form class="filters" onSubmit={event => event.preventDefault()}>
      <label>
        <span>{words.search}</span>
        <input type="search" value={text} onInput={event => (setText(event.currentTarget.value), event.currentTarget.value || keep('text', ''))} onChange={event => keep('text', event.currentTarget.value)} />
      </label>
      {all.length > 1 && <Select label={words.funnel} name="funnel" value={choice.funnel || (board ? all[0]!.id : '')} options={all} any={board ? undefined : common.all} />}
      {stages.length > 0 && <Select label={words.stage} name="stage" value={choice.stage} options={stages} any={words.any} />}
      {choice.who ? (
        <label>
          <span>{words.who}</span>
          <span class="chip">
            <Name of={0} id={Number(choice.who)} />
            <button type="button" class="bare" aria-label={common.remove} onClick={() => keep('who', '')}><Icon name="close" /></button>
          </span>
        </label>
      ) : (
        <Chooser label={words.who} of={[0]} placeholder={words.anybody} onChoose={found => keep('who', String(found.id))} />
      )}
      <Select label={words.addFilter} name="field" value={choice.field} any="—" options={usable.map(one => ({ id: one.name, title: one.title }))} />
      {field && <ValueFilter key={field.name} field={field} typeId={typeId} value={choice.value} />}
    </form>
  )
}
