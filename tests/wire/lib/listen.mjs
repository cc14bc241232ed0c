// Servers of a test's own, which end with its file: one that failed before it closed its own would hold up the run for good.
import { after } from 'node:test'
import { createServer } from 'node:http'

const open = new Set()

after(() => {
  for (const server of open) server.close().closeAllConnections()
})

// Answers by `handler` at a free port: { url, port, close() }.
export async function listen(handler) {
  const server = createServer(handler)
  await new Promise((ready, failed) => server.on('error', failed).listen(0, '127.0.0.1', ready))
  open.add(server)
  const { port } = server.address()
  const close = () => new Promise(done => (server.close(done), server.closeAllConnections(), open.delete(server)))
  return { url: `http://127.0.0.1:${port}/`, port, close }
}
