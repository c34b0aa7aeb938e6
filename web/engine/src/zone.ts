/** Wall clock of a time zone without a library: the browser knows the zones, this only asks it. */

export interface WallClock {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  /** 0 Sunday … 6 Saturday */
  weekday: number
}

const DAY_MS = 86_400_000
const formats = new Map<string, Intl.DateTimeFormat>()
const offsets = new Map<string, number>()

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(zone, format)
  }
  return format
}

function readOffset(at: number, zone: string): number {
  const part: Record<string, number> = {}
  for (const { type, value } of formatOf(zone).formatToParts(at)) part[type] = Number(value)
  const wall = Date.UTC(part.year!, part.month! - 1, part.day, part.hour, part.minute, part.second)
  return wall - Math.floor(at / 1000) * 1000
}

/** Milliseconds that the zone's wall clock is ahead of UTC; kept per quarter of an hour, the finest change in use. */
export function offsetAt(at: number, zone: string): number {
  const slot = Math.floor(at / 900_000)
  const key = `${zone}/${slot}`
  let offset = offsets.get(key)
  if (offset === undefined) {
    offset = readOffset(slot * 900_000, zone)
    if (offsets.size > 20_000) offsets.clear()
    offsets.set(key, offset)
  }
  return offset
}

/** The wall clock at an instant (epoch milliseconds). */
export function wallAt(at: number, zone: string): WallClock {
  const local = new Date(at + offsetAt(at, zone))
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    hour: local.getUTCHours(),
    minute: local.getUTCMinutes(),
    second: local.getUTCSeconds(),
    weekday: local.getUTCDay(),
  }
}

/** Local calendar day as a count since 1970-01-01, so that days can be subtracted. */
export function dayNumberAt(at: number, zone: string): number {
  return Math.floor((at + offsetAt(at, zone)) / DAY_MS)
}

/** Instant at which the zone's clocks show the given minute of the given day. */
export function instantOf(dayNumber: number, minute: number, zone: string): number {
  const wall = dayNumber * DAY_MS + minute * 60_000
  const guess = wall - offsetAt(wall, zone)
  return wall - offsetAt(guess, zone)
}

export function weekdayOf(dayNumber: number): number {
  return (((dayNumber + 4) % 7) + 7) % 7
}

/** 2026-06-05 → day number; null when the text is no date. */
export function dayNumberOf(date: string): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date)
  if (!match) return null
  const at = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]))
  const back = new Date(at)
  const same = back.getUTCMonth() + 1 === Number(match[2]) && back.getUTCDate() === Number(match[3])
  return same ? at / DAY_MS : null
}

export function dateOf(dayNumber: number): string {
  return new Date(dayNumber * DAY_MS).toISOString().slice(0, 10)
}
