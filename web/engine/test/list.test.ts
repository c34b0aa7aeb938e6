import { describe, expect, test } from 'vitest'
import {
  FIRST_PAGE,
  PLAIN_FILTER,
  arrived,
  canGoBack,
  canGoOn,
  chosenCount,
  closedPeriod,
  filterFromQuery,
  goBack,
  goOn,
  pageNumber,
  queryFromFilter,
} from '../src'

describe('key-set paging', () => {
  test('on and back walks the same keys', () => {
    const first = arrived(FIRST_PAGE, 'k1')
    const second = arrived(goOn(first), 'k2', 'p')
    const third = arrived(goOn(second), null)
    expect([first, second, third].map((each) => each.after)).toEqual([null, 'k1', 'k2'])
    expect([first, second, third].map(pageNumber)).toEqual([1, 2, 3])
    expect(canGoOn(third)).toBe(false)
    expect(goBack(third).after).toBe('k1')
    expect(goBack(goBack(third)).after).toBe(null)
    expect(canGoBack(first)).toBe(false)
  })

  test('after a reload in the middle the key of the server leads back', () => {
    const middle = arrived({ ...FIRST_PAGE, after: 'k7' }, 'k8', 'k6')
    expect(pageNumber(middle)).toBe(null)
    expect(goBack(middle).after).toBe('k6')
    expect(goBack(arrived({ ...FIRST_PAGE, after: 'k1' }, null, null)).after).toBe(null)
  })

  test('the ends stay where they are', () => {
    expect(goOn(FIRST_PAGE)).toEqual(FIRST_PAGE)
    expect(goBack(FIRST_PAGE)).toEqual(FIRST_PAGE)
  })
})

describe('views and filters', () => {
  test('an address and its filter are the same thing', () => {
    const filter = {
      ...PLAIN_FILTER,
      view: 'closed' as const,
      q: '占道',
      stage: 'handling',
      dueBefore: '2026-06-05',
      closedFrom: '2026-05-01',
    }
    expect(filterFromQuery(queryFromFilter(filter))).toEqual(filter)
  })

  test('nonsense in an address is left out', () => {
    expect(filterFromQuery({ view: 'everything', due: '2026-02-31', q: ['a', 'b'] })).toEqual({ ...PLAIN_FILTER, q: 'a' })
  })

  test('closed cases have a period of 30 days, never more than 366', () => {
    const now = Date.parse('2026-06-05T07:00:00Z')
    const zone = 'Asia/Shanghai'
    expect(closedPeriod(PLAIN_FILTER, now, zone)).toEqual({ from: '2026-05-06', to: '2026-06-05' })
    const long = { ...PLAIN_FILTER, closedFrom: '2011-07-01', closedTo: '2026-06-05' }
    expect(closedPeriod(long, now, zone)).toEqual({ from: '2025-06-05', to: '2026-06-05' })
    const turned = { ...PLAIN_FILTER, closedFrom: '2026-06-05', closedTo: '2026-06-01' }
    expect(closedPeriod(turned, now, zone)).toEqual({ from: '2026-06-01', to: '2026-06-01' })
  })

  test('the view is not counted as a choice', () => {
    expect(chosenCount(PLAIN_FILTER)).toBe(0)
    expect(chosenCount({ ...PLAIN_FILTER, q: 'x', unit: 'u' })).toBe(2)
  })
})
