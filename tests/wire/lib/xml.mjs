// Just enough XML to check the server's: elements, attributes, the predefined and numeric
// references. Whatever is not well-formed throws. <item key="a b"> stands for a name that is none.
const NAMED = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function unescape(text) {
  if (/&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);)/i.test(text)) throw new Error(`a bare & in ${text}`)
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (_, hex, decimal, name) =>
    name ? NAMED[name] : String.fromCodePoint(hex ? parseInt(hex, 16) : Number(decimal))
  )
}

export function parseXml(text) {
  let at = 0
  const fail = what => {
    throw new Error(`${what} at ${at}: ${text.slice(at, at + 60)}`)
  }
  const take = pattern => {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match) at = pattern.lastIndex
    return match
  }

  // A text, or an object of the elements inside; elements of one name become a list.
  const content = () => {
    const start = take(/[^<]*/y)[0]
    if (text.startsWith('</', at)) return unescape(start)
    if (start.trim()) fail('text beside elements')
    const children = {}
    while (!text.startsWith('</', at)) {
      const [name, value] = element()
      if (!(name in children)) children[name] = value
      else if (Array.isArray(children[name])) children[name].push(value)
      else children[name] = [children[name], value]
      take(/\s*/y)
    }
    return children
  }

  const element = () => {
    const open = take(/<([A-Za-z_][\w.-]*)(?:\s+(\w+)="([^"<]*)")?\s*(\/)?>/y) ?? fail('no element')
    const name = open[2] ? unescape(open[3]) : open[1]
    if (open[4]) return [name, '']
    const value = content()
    const close = take(/<\/([A-Za-z_][\w.-]*)\s*>/y) ?? fail('no end')
    if (close[1] !== open[1]) fail(`the end of ${close[1]}, not of ${open[1]}`)
    return [name, value]
  }

  if (!take(/<\?xml version="1\.0" encoding="UTF-8"\?>\s*/y)) fail('no declaration')
  const [name, value] = element()
  take(/\s*/y)
  if (at !== text.length) fail('something after the end')
  return { [name]: value }
}
