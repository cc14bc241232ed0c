// Addresses of the original's pages that a frame may open, and where they are here. The SDK puts a path in front that goes
// up again ("/crm/deal/../..") to tell how wide it wants the page.
const TYPES: Record<string, number> = { lead: 1, deal: 2, contact: 3, company: 4, quote: 7 }

// The address behind '#', or null: it is none of these.
export function placeOfPath(path: string): string | null {
  let at: string
  try {
    at = new URL(path, location.origin).pathname
  } catch {
    return null
  }
  const row = /^\/crm\/(lead|deal|contact|company|quote)\/(?:details|show)\/(\d+)\/?$/.exec(at)
  if (row) return Number(row[2]) ? `/card/${TYPES[row[1]!]}/${row[2]}` : `/list/${TYPES[row[1]!]}`
  const list = /^\/crm\/(lead|deal|contact|company|quote)(?:\/(?:list|kanban)?)?\/?$/.exec(at)
  if (list) return `/list/${TYPES[list[1]!]}`
  const item = /^\/crm\/type\/(\d+)\/details\/(\d+)\/?$/.exec(at)
  if (item) return Number(item[2]) ? `/card/${item[1]}/${item[2]}` : `/list/${item[1]}`
  const app = /^\/marketplace\/(?:app|view)\/(\d+)\/?$/.exec(at)
  if (app) return `/app/${app[1]}`
  return null
}
