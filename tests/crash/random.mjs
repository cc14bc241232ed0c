// Random numbers that a seed repeats (mulberry32). What they decide is repeated; which of several
// connections is first is not.
export function randomFrom(seed) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  next.below = n => Math.floor(next() * n)
  next.pick = list => list[next.below(list.length)]
  return next
}
