import type { Language } from './duration'
import { dateOf, dayNumberAt, wallAt } from './zone'

const WEEKDAYS = {
  zh: ['周日', '周一', '周二', '周三', '周四', '周五', '周六'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
} as const

const two = (value: number) => String(value).padStart(2, '0')

/** Epoch milliseconds of an RFC 3339 instant, null when absent or unreadable. */
export function instant(text: string | null | undefined): number | null {
  if (!text) return null
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : at
}

/** 06-05 周五 15:00; with the year only when it is not this one, and then without the weekday. */
export function wordInstant(at: number, now: number, zone: string, language: Language): string {
  const wall = wallAt(at, zone)
  const day = `${two(wall.month)}-${two(wall.day)}`
  const time = `${two(wall.hour)}:${two(wall.minute)}`
  if (wall.year !== wallAt(now, zone).year) return `${wall.year}-${day} ${time}`
  return `${day} ${WEEKDAYS[language][wall.weekday]} ${time}`
}

/** 06-05, or 2025-06-05 when it is not this year. */
export function wordDay(at: number, now: number, zone: string): string {
  const wall = wallAt(at, zone)
  const day = `${two(wall.month)}-${two(wall.day)}`
  return wall.year === wallAt(now, zone).year ? day : `${wall.year}-${day}`
}

/** The local date of an instant, 2026-06-05. */
export function localDate(at: number, zone: string): string {
  return dateOf(dayNumberAt(at, zone))
}
