// RFC 9112 read by its grammar, from a whole stream at once: what a strict proxy would see in it.
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/
const METHODS = ['GET', 'POST', 'HEAD', 'OPTIONS']

class Refused extends Error {}
class Unfinished extends Error {}

class Reader {
  constructor(text) {
    this.text = text
    this.at = 0
  }

  // A line that ends with CR LF; nothing in it may be a control character but a tab.
  line() {
    const end = this.text.indexOf('\n', this.at)
    const line = end < 0 ? this.text.slice(this.at) : this.text.slice(this.at, end)
    const inner = line.endsWith('\r') ? line.slice(0, -1) : line
    if (/[\0-\x08\x0a-\x1f\x7f]/.test(inner)) throw new Refused('control character')
    if (end < 0) throw new Unfinished()
    if (inner === line) throw new Refused('bare LF')
    this.at = end + 1
    return inner
  }

  take(count) {
    if (this.at + count > this.text.length) throw new Unfinished()
    this.at += count
  }
}

function requestLine(line) {
  const parts = line.split(' ')
  if (parts.length !== 3) throw new Refused('request line')
  const [method, target, version] = parts
  if (!TOKEN.test(method) || !/^[\x21\x22\x24-\x7e\x80-\xff]+$/.test(target)) throw new Refused('target')
  if (!/^HTTP\/\d\.\d$/.test(version)) throw new Refused('version')
  return { method, target, version }
}

function field(line) {
  const colon = line.indexOf(':')
  if (colon < 1 || !TOKEN.test(line.slice(0, colon))) throw new Refused('name')
  const value = line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, '')
  if (!VALUE.test(value)) throw new Refused('value')
  return [line.slice(0, colon).toLowerCase(), value]
}

function checkTarget({ method, target }) {
  const absolute = /^https?:\/\/([^/?]*)/i.exec(target)
  if (absolute && !/^[\w.\-~:[\]]+$/.test(absolute[1])) throw new Refused('authority')
  if (!absolute && !target.startsWith('/') && !(target === '*' && method === 'OPTIONS'))
    throw new Refused('form')
}

function framing(version, headers) {
  const all = name => headers.filter(([key]) => key === name).map(([, value]) => value)
  const hosts = all('host')
  const lengths = all('content-length')
  const codings = all('transfer-encoding')
  const old = version.endsWith('.0')
  if (hosts.length > 1 || (!hosts.length && !old)) throw new Refused('host')
  if (hosts.some(host => !/^[\w.\-~:[\]]*$/.test(host))) throw new Refused('host')
  if (lengths.length + codings.length > 1) throw new Refused('framing')
  if (lengths.length && !/^\d+$/.test(lengths[0])) throw new Refused('length')
  if (codings.length && (old || codings[0].toLowerCase() !== 'chunked')) throw new Refused('coding')
  return { chunked: codings.length > 0, length: Number(lengths[0] ?? 0) }
}

function chunks(reader) {
  for (;;) {
    const line = reader.line()
    const size = /^([0-9a-fA-F]+)(;.*)?$/.exec(line)
    if (!size || (size[2] ?? '').length > 257) throw new Refused('chunk')
    if (Number.parseInt(size[1], 16) === 0) break
    reader.take(Number.parseInt(size[1], 16))
    const ending = reader.text.slice(reader.at, reader.at + 2)
    if (ending !== '\r\n') throw '\r\n'.startsWith(ending) ? new Unfinished() : new Refused('end of chunk')
    reader.at += 2
  }
  for (let line = reader.line(); line !== ''; line = reader.line()) field(line)
}

// Answers { requests: [{ method, target }], refused, closes }: those that are to be answered, whether
// a refusal follows them, or the end of the connection.
export function readStream(bytes) {
  const reader = new Reader(bytes.toString('latin1'))
  const requests = []
  try {
    for (;;) {
      let line = reader.line()
      while (line === '') line = reader.line()
      const { method, target, version } = requestLine(line)
      const headers = []
      for (line = reader.line(); line !== ''; line = reader.line()) headers.push(field(line))
      if (!version.startsWith('HTTP/1.')) throw new Refused('version')
      const { chunked, length } = framing(version, headers)
      checkTarget({ method, target })
      if (chunked) chunks(reader)
      else reader.take(length)
      if (!METHODS.includes(method)) throw new Refused('method')
      requests.push({ method, target })
      const connection = headers.find(([key]) => key === 'connection')?.[1] ?? ''
      if (version === 'HTTP/1.0' || /close/i.test(connection)) return { requests, closes: true }
    }
  } catch (error) {
    if (error instanceof Refused) return { requests, refused: error.message }
    if (error instanceof Unfinished) return { requests }
    throw error
  }
}
