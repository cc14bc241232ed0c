// A server that receives events: keeps what came, answers as it is told, tells when enough came.
import http from 'node:http'

// "data[FIELDS][ID]=5&ts=1" -> { data: { FIELDS: { ID: '5' } }, ts: '1' }
export function readForm(text) {
  const tree = {}
  for (const [name, value] of new URLSearchParams(text)) {
    const keys = name.split(/\]\[|\[|\]/).filter(key => key !== '')
    let at = tree
    for (const key of keys.slice(0, -1)) at = at[key] ??= {}
    at[keys.at(-1)] = value
  }
  return tree
}

export class Receiver {
  events = []
  #waiting = []
  #server
  static #running = new Set()
  // answer(event, index) may return a status, a promise of one, or 'cut' to break the connection.
  constructor(answer = () => 200) {
    this.answer = answer
  }
  static async start(answer, port = 0) {
    const receiver = new Receiver(answer)
    receiver.#server = http.createServer((request, response) => receiver.#take(request, response))
    await new Promise(resolve => receiver.#server.listen(port, '127.0.0.1', resolve))
    Receiver.#running.add(receiver)
    receiver.port = receiver.#server.address().port
    receiver.url = `http://127.0.0.1:${receiver.port}/hear`
    return receiver
  }
  async #take(request, response) {
    const chunks = await request.toArray()
    const body = Buffer.concat(chunks).toString()
    const event = { ...readForm(body), body, headers: request.headers, path: request.url, method: request.method }
    const index = this.events.push(event) - 1
    const status = await this.answer(event, index)
    if (status === 'cut') request.socket.destroy()
    else response.writeHead(status).end('ok')
    event.status = status
    this.#waiting = this.#waiting.filter(one => !one())
  }
  // Resolves when `done(events)` holds after an event was answered.
  until(done, what = 'events') {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${what}; ${this.events.length} came`)), 30_000)
      const look = () => {
        if (!done(this.events)) return false
        clearTimeout(timer)
        resolve(this.events)
        return true
      }
      if (!look()) this.#waiting.push(look)
    })
  }
  count(n) {
    return this.until(events => events.filter(one => one.status !== undefined).length >= n, `${n} events`)
  }
  // For the end of a file: what a failed test left listening would keep the test runner waiting.
  static stopAll() {
    return Promise.all([...Receiver.#running].map(one => one.stop()))
  }
  async stop() {
    Receiver.#running.delete(this)
    this.#server.closeAllConnections()
    await new Promise(resolve => this.#server.close(resolve))
  }
}
