import { describe, expect, test } from 'vitest'
import {
  PLAIN_CALENDAR,
  calendarOf,
  deadlineOf,
  instantOf,
  dayNumberOf,
  toneOf,
  wordInstant,
  wordRemaining,
  wordSpan,
  workingSeconds,
} from '../src'

const at = (local: string, offset = '+08:00') => Date.parse(`${local}:00${offset}`)
const FRIDAY = at('2026-06-05T15:00')

describe('working time (R-CASE-09)', () => {
  test.each([
    ['2026-06-05T15:00', '2026-06-05T18:00', 3 * 3600],
    ['2026-06-05T11:30', '2026-06-05T14:30', 3600],
    ['2026-06-05T15:00', '2026-06-10T15:00', 3 * 8 * 3600],
    ['2026-06-05T15:00', '2026-06-08T09:00', 4 * 3600],
    ['2026-06-06T10:00', '2026-06-07T23:00', 0],
    ['2026-06-05T18:00', '2026-06-05T15:00', 0],
  ])('%s to %s', (from, to, seconds) => {
    expect(workingSeconds(at(from), at(to), PLAIN_CALENDAR)).toBe(seconds)
  })

  test('long spans equal the day by day count, holidays and make-up days included', () => {
    const calendar = {
      ...PLAIN_CALENDAR,
      off: ['2026-10-01', '2026-10-02', '2026-10-03', '2026-10-05', '2026-10-06', '2026-10-07'],
      on: ['2026-09-20', '2026-10-10'],
    }
    let byDay = 0
    const last = dayNumberOf('2026-11-20')!
    for (let day = dayNumberOf('2026-09-01')!; day < last; day += 1) {
      const midnight = (each: number) => instantOf(each, 0, calendar.zone)
      byDay += workingSeconds(midnight(day), midnight(day + 1), calendar)
    }
    expect(workingSeconds(at('2026-09-01T00:00'), at('2026-11-20T00:00'), calendar)).toBe(byDay)
    expect(byDay).toBe((58 - 5 + 2) * 8 * 3600)
  })

  test('a calendar from the server changes periods and days, one without is a plain week', () => {
    expect(calendarOf('Asia/Shanghai', null)).toEqual(PLAIN_CALENDAR)
    const given = calendarOf('Asia/Shanghai', { periods: [['09:00', '12:30']], off: ['2026-06-08'] })
    expect(workingSeconds(at('2026-06-08T00:00'), at('2026-06-10T00:00'), given)).toBe(3.5 * 3600)
  })

  test('a zone with summer time keeps its wall clock', () => {
    const boston = { ...PLAIN_CALENDAR, zone: 'America/New_York' }
    const from = Date.parse('2026-03-06T12:00:00Z') // Fri 07:00 EST
    const to = Date.parse('2026-03-09T12:30:00Z') // Mon 08:30 EDT, clocks moved on Sunday
    expect(workingSeconds(from, to, boston)).toBe(8 * 3600 + 1800)
  })
})

describe('wording', () => {
  test.each([
    ['2026-06-10T15:00', '剩 3 天', '3 d left'],
    ['2026-06-08T18:00', '剩 1 天 3 时', '1 d 3 h left'],
    ['2026-06-05T15:40', '剩 40 分', '40 min left'],
    ['2026-06-05T15:00', '剩 < 1 分', '< 1 min left'],
    ['2026-06-04T15:00', '超 1 天', '1 d over'],
    ['2026-06-05T14:30', '超 30 分', '30 min over'],
    ['2011-07-01T15:00', '超 3895 天', '3895 d over'],
  ])('due %s', (due, zh, en) => {
    expect(wordRemaining(at(due), FRIDAY, PLAIN_CALENDAR, 'zh')).toBe(zh)
    expect(wordRemaining(at(due), FRIDAY, PLAIN_CALENDAR, 'en')).toBe(en)
  })

  test('no working time in between is worded in natural time', () => {
    expect(wordRemaining(at('2026-06-06T20:00'), at('2026-06-06T18:30'), PLAIN_CALENDAR, 'zh')).toBe('剩 1 时 30 分')
  })

  test('ten of a unit and more have no smaller one', () => {
    expect(wordSpan({ days: 0, hours: 13, minutes: 41 }, 'zh')).toBe('13 时')
    expect(wordSpan({ days: 1, hours: 13, minutes: 41 }, 'zh', 1)).toBe('1 天')
    expect(wordSpan({ days: 12, hours: 5, minutes: 1 }, 'zh')).toBe('12 天')
  })

  test('the year is written only when it is not this one', () => {
    expect(wordInstant(FRIDAY, FRIDAY, 'Asia/Shanghai', 'zh')).toBe('06-05 周五 15:00')
    expect(wordInstant(at('2025-12-31T23:05'), FRIDAY, 'Asia/Shanghai', 'zh')).toBe('2025-12-31 23:05')
  })
})

describe('deadline colour', () => {
  const due = '2026-06-05T07:00:00Z'
  test('on time means stopped at or before the deadline', () => {
    expect(toneOf({ dueAt: due, stoppedAt: due }, FRIDAY)).toBe('good')
    expect(toneOf({ dueAt: due, stoppedAt: '2026-06-05T07:00:01Z' }, FRIDAY)).toBe('missed')
  })

  test('a green answer turns late when the page stays open', () => {
    expect(toneOf({ dueAt: due, colour: 'green' }, FRIDAY)).toBe('ok')
    expect(toneOf({ dueAt: due, colour: 'green' }, FRIDAY + 1)).toBe('late')
  })

  test('a paused clock is neither late nor counted down', () => {
    expect(deadlineOf({ dueAt: due, paused: true }, FRIDAY + 9e8, PLAIN_CALENDAR, 'zh').words).toBe('计时已停')
  })

  test('no deadline says nothing', () => {
    expect(deadlineOf({ dueAt: null }, FRIDAY, PLAIN_CALENDAR, 'zh')).toEqual({ tone: 'none', words: '', at: '' })
  })
})
