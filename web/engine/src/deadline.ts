import { instant, wordInstant } from './dates'
import { wordRemaining, type Language } from './duration'
import type { WorkCalendar } from './worktime'

/** none: no deadline · ok, warn, late: running · good, missed: stopped in time or not · paused */
export type Tone = 'none' | 'ok' | 'warn' | 'late' | 'good' | 'missed' | 'paused'

export interface Dated {
  dueAt: string | null
  stoppedAt?: string | null
  paused?: boolean
  /** The server's colour at the time of the answer; the page may stay open longer than that. */
  colour?: string | null
}

const BY_COLOUR: Record<string, Tone> = { green: 'ok', yellow: 'warn', red: 'late' }

/** On time ⇔ stopped ≤ due. A cached green never hides a deadline that has passed since. */
export function toneOf(dated: Dated, now: number): Tone {
  const due = instant(dated.dueAt)
  if (due === null) return 'none'
  const stopped = instant(dated.stoppedAt)
  if (stopped !== null) return stopped <= due ? 'good' : 'missed'
  if (dated.paused) return 'paused'
  if (now > due) return 'late'
  return BY_COLOUR[dated.colour ?? ''] ?? 'ok'
}

export interface Deadline {
  tone: Tone
  /** 剩 1 天 3 时, 超 2 天, 按期, 超期, 已暂停 or empty */
  words: string
  /** 06-05 周五 15:00 or empty */
  at: string
}

const STOPPED: Record<string, Record<Language, string>> = {
  good: { zh: '按期', en: 'on time' },
  missed: { zh: '超期', en: 'late' },
  paused: { zh: '计时已停', en: 'paused' },
}

/** Everything a page says about one deadline. */
export function deadlineOf(dated: Dated, now: number, calendar: WorkCalendar, language: Language): Deadline {
  const tone = toneOf(dated, now)
  const due = instant(dated.dueAt)
  if (due === null) return { tone, words: '', at: '' }
  const at = wordInstant(due, now, calendar.zone, language)
  const stopped = STOPPED[tone]
  return { tone, at, words: stopped ? stopped[language] : wordRemaining(due, now, calendar, language) }
}
