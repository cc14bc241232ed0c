// A call as a program would make it. The credential is left for the reader to put in.
export interface Call {
  method: string
  params: unknown
}

const base = () => `${location.origin}/rest/1/CODE/`
const pretty = (value: unknown, indent = 2) => JSON.stringify(value ?? {}, null, indent)

// In PHP's and Python's own notation.
function php(value: unknown, indent = ''): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return `'${value.replace(/[\\']/g, '\\$&')}'`
  if (typeof value !== 'object') return String(value)
  const inner = `${indent}    `
  const rows = Array.isArray(value)
    ? value.map(item => `${inner}${php(item, inner)},`)
    : Object.entries(value).map(([key, item]) => `${inner}${php(key)} => ${php(item, inner)},`)
  return rows.length ? `[\n${rows.join('\n')}\n${indent}]` : '[]'
}

function python(value: unknown, indent = ''): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value !== 'object') return JSON.stringify(value)
  const inner = `${indent}    `
  if (Array.isArray(value)) return value.length ? `[\n${value.map(item => `${inner}${python(item, inner)},`).join('\n')}\n${indent}]` : '[]'
  const rows = Object.entries(value).map(([key, item]) => `${inner}${JSON.stringify(key)}: ${python(item, inner)},`)
  return rows.length ? `{\n${rows.join('\n')}\n${indent}}` : '{}'
}

const shell = (text: string) => `'${text.replace(/'/g, `'\\''`)}'`

export const snippets: Record<string, (call: Call) => string> = {
  curl: ({ method, params }) => `curl -H 'Content-Type: application/json' \\\n  -d ${shell(pretty(params))} \\\n  ${base()}${method}`,
  JavaScript: ({ method, params }) =>
    `import { B24Hook } from '@bitrix24/b24jssdk'\n\nconst b24 = B24Hook.fromWebhookUrl('${base()}')\n` +
    `const response = await b24.actions.v2.call.make({\n  method: '${method}',\n  params: ${pretty(params).replace(/\n/g, '\n  ')}\n})\nconsole.log(response.getData().result)\n`,
  PHP: ({ method, params }) =>
    `$curl = curl_init('${base()}${method}');\ncurl_setopt_array($curl, [\n    CURLOPT_RETURNTRANSFER => true,\n    CURLOPT_HTTPHEADER => ['Content-Type: application/json'],\n` +
    `    CURLOPT_POSTFIELDS => json_encode(${php(params ?? {}, '    ')}),\n]);\nvar_dump(json_decode(curl_exec($curl), true)['result']);\n`,
  Python: ({ method, params }) =>
    `import json, urllib.request\n\nparams = ${python(params ?? {})}\ncall = urllib.request.Request('${base()}${method}', json.dumps(params).encode(),\n` +
    `                              {'Content-Type': 'application/json'})\nprint(json.load(urllib.request.urlopen(call))['result'])\n`
}
