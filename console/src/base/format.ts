// Times, numbers and amounts as the reader's language writes them, in the zone of the browser.
import { language } from './words'

const dateForm = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short' })
const yearForm = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', year: 'numeric' })
const timeForm = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' })
const fullForm = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'medium' })
const weekForm = new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long' })
const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })

const DAY = 86_400_000

export function startOfDay(date: Date, days = 0): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days)
}

export function daysFromNow(date: Date, now = new Date()): number {
  return Math.round((startOfDay(date).getTime() - startOfDay(now).getTime()) / DAY)
}

// A date alone has no zone: "2026-11-29T00:00:00+00:00" is the 29th everywhere.
export function plainDate(text: string): Date {
  const [year = 0, month = 1, day = 1] = text.slice(0, 10).split('-').map(Number)
  return new Date(year, month - 1, day)
}

export function showDate(date: Date): string {
  return (date.getFullYear() === new Date().getFullYear() ? dateForm : yearForm).format(date)
}

export function showTime(date: Date): string {
  return timeForm.format(date)
}

// "today 14:30", "tomorrow 09:00", "12 Oct 16:45"
export function showMoment(date: Date): string {
  const days = daysFromNow(date)
  const day = Math.abs(days) <= 1 ? relative.format(days, 'day') : showDate(date)
  return `${day} ${showTime(date)}`
}

export function showFull(date: Date): string {
  return fullForm.format(date)
}

export function showDay(date: Date): string {
  return weekForm.format(date)
}

export function showNumber(value: number): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 4 }).format(value)
}

export function showMoney(amount: number, currency: string): string {
  try {
    return new Intl.NumberFormat(language, {
      style: 'currency', currency, minimumFractionDigits: Number.isInteger(amount) ? 0 : 2
    }).format(amount)
  } catch {
    return `${showNumber(amount)} ${currency}` // a currency of the portal's own
  }
}

export function showDuration(seconds: number): string {
  return seconds < 1 ? `${(seconds * 1000).toFixed(1)} ms` : `${seconds.toFixed(2)} s`
}

export function showBytes(bytes: number): string {
  return bytes < 1024 ? `${bytes} B` : bytes < 1 << 20 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1048576).toFixed(1)} MiB`
}

// As the REST methods read a moment: with the offset of this browser.
export function toRest(date: Date): string {
  const pad = (value: number, size = 2) => String(Math.abs(value)).padStart(size, '0')
  const offset = -date.getTimezoneOffset()
  return (
    `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}T${pad(date.getHours())}:` +
    `${pad(date.getMinutes())}:${pad(date.getSeconds())}${offset < 0 ? '-' : '+'}${pad(Math.trunc(Math.abs(offset) / 60))}:${pad(Math.abs(offset) % 60)}`
  )
}

// For <input type="datetime-local"> and back.
export function toInput(date: Date): string {
  return toRest(date).slice(0, 16)
}

// BBCode and HTML as plain text: nothing of what others wrote is ever taken for markup.
export function plainText(text: string): string {
  return text
    .replace(/<br\s*\/?>|<\/p>|\[br\]/gi, '\n')
    .replace(/<[^>]+>|\[\/?(?:b|i|u|s|url|user|size|color|font|list|quote|code|p|img|\*)(?:=[^\]]*)?\]/gi, '')
    .replace(/&nbsp;/g, ' ').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#0?39;/g, "'").replace(/&amp;/g, '&')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}
