// What a frame says, and how it is answered: "command:PARAMS:CALLBACK:APP_SID", read from the right since PARAMS may hold colons, or
// an object where the command's own name has one. Answers are "CALLBACK:JSON".
export interface Message {
  command: string
  params: string // as it came: JSON, or a bare text
  callback: string
  sid: string
}

export function parseMessage(data: unknown): Message | null {
  if (typeof data === 'string') {
    const parts = data.split(':')
    if (parts.length < 2) return null
    const sid = parts.pop()!, callback = parts.length > 1 ? parts.pop()! : ''
    return { command: parts.shift() ?? '', params: parts.join(':'), callback, sid }
  }
  if (data && typeof data === 'object' && 'method' in data) {
    const { method, params, callback, appSid } = data as Record<string, unknown>
    return { command: String(method), params: typeof params === 'string' ? params : JSON.stringify(params ?? ''), callback: String(callback ?? ''), sid: String(appSid ?? '') }
  }
  return null
}

// The parameters of most commands; what is none is none.
export function paramsOf(message: Message): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(message.params || '{}')
    return value && typeof value === 'object' ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

export function newSid(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('')
}
