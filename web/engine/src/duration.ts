import { secondsPerDay, workingSeconds, type WorkCalendar } from './worktime'

export type Language = 'zh' | 'en'

export interface Span {
  days: number
  hours: number
  minutes: number
}

/** Splits seconds into days of the given length, hours and minutes; minutes are cut, not rounded. */
export function spanOf(seconds: number, dayLength: number): Span {
  const whole = Math.max(0, Math.floor(seconds))
  const days = Math.floor(whole / dayLength)
  const rest = whole - days * dayLength
  return { days, hours: Math.floor(rest / 3600), minutes: Math.floor((rest % 3600) / 60) }
}

const UNITS = { zh: ['天', '时', '分'], en: ['d', 'h', 'min'] } as const

/**
 * The two largest units that are not zero (or only the largest): 1 天 3 时, 3 时 20 分, 40 分; from ten of a unit on the
 * smaller one is noise.
 */
export function wordSpan(span: Span, language: Language, units: 1 | 2 = 2): string {
  const [day, hour, minute] = UNITS[language]
  if (span.days >= 10) return `${span.days} ${day}`
  const parts: string[] = []
  if (span.days) parts.push(`${span.days} ${day}`)
  if (span.hours) parts.push(`${span.hours} ${hour}`)
  if (span.minutes && !span.days && span.hours < 10) parts.push(`${span.minutes} ${minute}`)
  return parts.length ? parts.slice(0, units).join(' ') : `< 1 ${minute}`
}

/**
 * What lies between two instants in working time. When no working time lies between them (a night, a holiday, an
 * emergency limit in natural hours) the natural time is worded instead: "0" would be untrue.
 */
export function spanBetween(from: number, to: number, calendar: WorkCalendar): Span {
  const working = workingSeconds(from, to, calendar)
  if (working > 0) return spanOf(working, secondsPerDay(calendar))
  return spanOf((to - from) / 1000, 86_400)
}

/** 剩 1 天 3 时 / 超 2 天 */
export function wordRemaining(due: number, now: number, calendar: WorkCalendar, language: Language): string {
  const late = now > due
  const words = wordSpan(late ? spanBetween(due, now, calendar) : spanBetween(now, due, calendar), language)
  if (language === 'zh') return late ? `超 ${words}` : `剩 ${words}`
  return late ? `${words} over` : `${words} left`
}
