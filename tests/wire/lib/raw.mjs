// A connection that sends bytes as given and reads answers one by one: what an HTTP client library
// would not do on purpose is what these tests are about.
import net from 'node:net'
import tls from 'node:tls'

const PATIENCE_MS = 10_000 // an answer that takes longer is a failed test, not a wait

function limited(promise, what, patience) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no ${what} within ${patience} ms`)), patience)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

export class Raw {
  #socket
  #data = Buffer.alloc(0)
  #ended = false
  #wake = () => {}
  pieces = 0 // in which the bytes came

  static async connect(port, { secure = false, ...options } = {}) {
    const raw = new Raw()
    raw.#socket = secure
      ? tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options })
      : net.connect({ port, host: '127.0.0.1', ...options })
    raw.#socket.setNoDelay(true)
    const end = () => {
      raw.#ended = true
      raw.#wake()
    }
    raw.#socket.on('data', chunk => {
      raw.pieces++
      raw.#data = Buffer.concat([raw.#data, chunk])
      raw.#wake()
    })
    raw.#socket.on('end', end).on('close', end).on('error', end)
    await new Promise((resolve, reject) => {
      raw.#socket.once(secure ? 'secureConnect' : 'connect', resolve).once('error', reject)
    })
    return raw
  }

  send(bytes) {
    return new Promise(resolve => this.#socket.write(bytes, () => resolve()))
  }

  // Ends the connection without a goodbye.
  reset() {
    this.#socket.resetAndDestroy()
  }

  close() {
    this.#socket.destroy()
  }

  // Tells the peer that nothing more comes; answers can still be read.
  finish() {
    this.#socket.end()
  }

  async #until(done, what, patience = PATIENCE_MS) {
    const started = async () => {
      for (;;) {
        const value = done()
        if (value !== undefined) return value
        if (this.#ended) return null
        await new Promise(resolve => {
          this.#wake = resolve
        })
      }
    }
    return limited(started(), what, patience)
  }

  // The next answer: { status, headers, body }, or null when the connection ended before.
  async answer({ bodiless = false, patience } = {}) {
    const end = await this.#until(() => {
      const at = this.#data.indexOf('\r\n\r\n')
      return at < 0 ? undefined : at
    }, 'answer', patience)
    if (end === null) return null
    const [first, ...lines] = this.#data.subarray(0, end).toString('latin1').split('\r\n')
    const headers = {}
    for (const line of lines) {
      const colon = line.indexOf(':')
      headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim()
    }
    const status = Number(first.split(' ')[1])
    const empty = bodiless || status < 200 || status === 204
    const size = empty ? 0 : Number(headers['content-length'] ?? NaN)
    this.#data = this.#data.subarray(end + 4)
    if (Number.isNaN(size)) throw new Error(`an answer of unknown length: ${first}`)
    const whole = await this.#until(() => (this.#data.length >= size ? true : undefined), 'body')
    if (!whole) throw new Error('the connection ended inside of an answer')
    const body = this.#data.subarray(0, size)
    this.#data = this.#data.subarray(size)
    return {
      status,
      headers,
      body,
      text: body.toString('utf8'),
      get json() {
        return JSON.parse(body.toString('utf8'))
      }
    }
  }

  // Resolves when so many bytes are there, or the server has closed.
  async bytes(count) {
    await this.#until(() => (this.#data.length >= count ? true : undefined), 'byte')
  }

  // Resolves when the server has closed; true when nothing came before that.
  async closed() {
    await this.#until(() => undefined, 'end of the connection')
    return this.#data.length === 0
  }

  get pending() {
    return this.#data.length
  }
}

// The bytes of a request. A string body gets its length, unless `length` is false.
export function request(path, { verb = 'GET', headers = {}, body, length = true, version = '1.1' } = {}) {
  const lines = [`${verb} ${path} HTTP/${version}`]
  const all = { Host: 'localhost', ...headers }
  const bytes = body === undefined ? Buffer.alloc(0) : Buffer.from(body)
  if (body !== undefined && length) all['Content-Length'] = bytes.length
  for (const [name, value] of Object.entries(all)) {
    for (const one of [value].flat()) {
      if (one !== undefined) lines.push(`${name}: ${one}`)
    }
  }
  return Buffer.concat([Buffer.from(lines.join('\r\n') + '\r\n\r\n', 'latin1'), bytes])
}

// Sends bytes on a connection of their own; answers the first answer and whether the server closed.
export async function exchange(port, bytes, options) {
  const raw = await Raw.connect(port)
  await raw.send(bytes)
  const answer = await raw.answer(options)
  raw.close()
  return answer
}
