import { dayNumberAt, dayNumberOf, instantOf, weekdayOf } from './zone'

/** Working time as the desk shows it. The server computes deadlines; this only words what is left. */
export interface WorkCalendar {
  zone: string
  /** Working periods of a working day, minutes after midnight, in order. */
  periods: readonly (readonly [number, number])[]
  /** Weekdays that are working days, 0 Sunday … 6 Saturday. */
  weekdays: readonly number[]
  /** Dates (2026-10-01) that are not working days although the weekday says so, and the other way round. */
  off: readonly string[]
  on: readonly string[]
}

export const PLAIN_CALENDAR: WorkCalendar = {
  zone: 'Asia/Shanghai',
  periods: [
    [8 * 60, 12 * 60],
    [14 * 60, 18 * 60],
  ],
  weekdays: [1, 2, 3, 4, 5],
  off: [],
  on: [],
}

/** A calendar as the server tells it; what it leaves out is as on a plain week. */
export interface GivenCalendar {
  /** [["08:00", "12:00"], ["14:00", "18:00"]] */
  periods?: readonly (readonly string[])[]
  off?: readonly string[]
  on?: readonly string[]
}

function minuteOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  return hour * 60 + minute
}

export function calendarOf(zone: string, given: GivenCalendar | null | undefined): WorkCalendar {
  const periods = given?.periods?.map(([from = '', to = '']) => [minuteOf(from), minuteOf(to)] as const)
  return {
    ...PLAIN_CALENDAR,
    zone,
    periods: periods?.length ? periods : PLAIN_CALENDAR.periods,
    off: given?.off ?? [],
    on: given?.on ?? [],
  }
}

/** Seconds of one working day. */
export function secondsPerDay(calendar: WorkCalendar): number {
  return calendar.periods.reduce((sum, [from, to]) => sum + (to - from) * 60, 0)
}

export function isWorkingDay(dayNumber: number, calendar: WorkCalendar): boolean {
  const listed = (dates: readonly string[]) => dates.some((date) => dayNumberOf(date) === dayNumber)
  if (listed(calendar.on)) return true
  return calendar.weekdays.includes(weekdayOf(dayNumber)) && !listed(calendar.off)
}

function secondsOfDay(dayNumber: number, from: number, to: number, calendar: WorkCalendar): number {
  if (!isWorkingDay(dayNumber, calendar)) return 0
  let sum = 0
  for (const [start, end] of calendar.periods) {
    const a = Math.max(from, instantOf(dayNumber, start, calendar.zone))
    const b = Math.min(to, instantOf(dayNumber, end, calendar.zone))
    if (b > a) sum += (b - a) / 1000
  }
  return sum
}

/** Working days in [first, last), by arithmetic on weeks: a case may be years late. */
function workingDaysBetween(first: number, last: number, calendar: WorkCalendar): number {
  if (last <= first) return 0
  const weeks = Math.floor((last - first) / 7)
  let count = weeks * calendar.weekdays.length
  for (let day = first + weeks * 7; day < last; day += 1) {
    if (calendar.weekdays.includes(weekdayOf(day))) count += 1
  }
  const inside = (date: string) => {
    const day = dayNumberOf(date)
    return day !== null && day >= first && day < last ? day : null
  }
  for (const date of calendar.off) {
    const day = inside(date)
    if (day !== null && calendar.weekdays.includes(weekdayOf(day)) && !calendar.on.includes(date)) count -= 1
  }
  for (const date of calendar.on) {
    const day = inside(date)
    if (day !== null && !calendar.weekdays.includes(weekdayOf(day))) count += 1
  }
  return count
}

/** Working seconds in [from, to), both epoch milliseconds; 0 when to ≤ from. */
export function workingSeconds(from: number, to: number, calendar: WorkCalendar): number {
  if (to <= from) return 0
  const first = dayNumberAt(from, calendar.zone)
  const last = dayNumberAt(to, calendar.zone)
  if (first === last) return secondsOfDay(first, from, to, calendar)
  return (
    secondsOfDay(first, from, to, calendar) +
    workingDaysBetween(first + 1, last, calendar) * secondsPerDay(calendar) +
    secondsOfDay(last, from, to, calendar)
  )
}
