// A published application's server: its page loads a script that is bundled here. What was posted to it is kept.
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { listen } from '../../wire/lib/listen.mjs'

const here = path => fileURLToPath(new URL(path, import.meta.url))

// `script`: a module that may import what tests/wire has from npm; `head`: what stands before it.
export async function handler({ script, head = '' }) {
  const { build } = createRequire(here('../../../console/package.json'))('esbuild')
  const { outputFiles } = await build({
    stdin: { contents: script, resolveDir: here('../../wire'), loader: 'js' }, bundle: true, write: false, format: 'iife', logLevel: 'silent', define: { 'process.env.NODE_ENV': '"production"' }
  })
  const posts = []
  const server = await listen(async (request, answer) => {
    let body = ''
    for await (const part of request) body += part
    if (request.url.startsWith('/app.js')) return answer.setHeader('Content-Type', 'text/javascript').end(outputFiles[0].text)
    if (request.method === 'POST') posts.push({ url: new URL(request.url, 'http://localhost'), body: Object.fromEntries(new URLSearchParams(body)) })
    answer.setHeader('Content-Type', 'text/html').end(`<!doctype html><meta charset="utf-8"><title>Application</title><link rel="icon" href="data:,">${head}<p id="said">…</p><script src="/app.js"></script>`)
  })
  return { url: server.url, posts, stop: server.close }
}
