import { describe, expect, test } from 'vitest'
import {
  EMPTY_REPORT,
  checkReport,
  dropDraft,
  idFor,
  isUncertain,
  keepDraft,
  problemFrom,
  problemOf,
  ProblemError,
  readDraft,
  readPoint,
  reportBody,
  unreachable,
  uuid7,
  wordPoint,
  type Store,
} from '../src'

describe('uuid7', () => {
  test('carries the instant, the version and the variant', () => {
    const id = uuid7(0x0190_1234_5678, new Uint8Array(10).fill(0xff))
    expect(id).toBe('01901234-5678-7fff-bfff-ffffffffffff')
  })

  test('sorts by time', () => {
    const random = new Uint8Array(10)
    expect(uuid7(1, random) < uuid7(256, random)).toBe(true)
  })

  test('refuses too little chance', () => {
    expect(() => uuid7(1, new Uint8Array(9))).toThrow(RangeError)
  })
})

describe('problem+json', () => {
  test('409 names who and when', () => {
    const problem = problemOf(409, {
      code: 'GW-CASES-009',
      title: 'Conflict',
      detail: '已被他人处理',
      current: { stage: 'assigned', seq: 4, by: { name: '吴' }, at: '2026-06-05T06:10:00Z' },
    })
    expect(problem.current).toEqual({ stage: 'assigned', seq: 4, by: '吴', at: '2026-06-05T06:10:00Z' })
    expect(problem.detail).toBe('已被他人处理')
  })

  test('errors belong to the last part of the field name, the first sentence wins', () => {
    const errors = [
      { field: 'body.payload.text', code: 'x', sentence: '请写明情况' },
      { field: 'text', code: 'y', sentence: 'second' },
    ]
    expect(problemOf(422, { errors }).fields).toEqual({ text: '请写明情况' })
  })

  test('a page of a proxy is still a problem', () => {
    expect(problemOf(502, '<html>')).toEqual({ status: 502, code: 'HTTP-502', detail: '', fields: {}, current: null })
  })

  test('only no answer and server faults are uncertain', () => {
    expect([unreachable(), problemOf(503, null), problemOf(409, null)].map(isUncertain)).toEqual([true, true, false])
  })

  test('anything thrown is a problem', () => {
    const problem = problemOf(404, {})
    expect(problemFrom(new ProblemError(problem))).toBe(problem)
    expect(problemFrom('boom').detail).toBe('boom')
  })
})

function memory(): Store {
  const map = new Map<string, string>()
  return {
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => void map.set(key, value),
    removeItem: (key) => void map.delete(key),
  }
}

describe('drafts', () => {
  test('are kept until dropped', () => {
    const store = memory()
    const draft = { id: 'a', value: { how: '字' }, sent: null }
    keepDraft(store, 'move.1', draft)
    expect(readDraft(store, 'move.1')).toEqual(draft)
    dropDraft(store, 'move.1')
    expect(readDraft(store, 'move.1')).toBe(null)
  })

  test('a broken or full store stops nothing', () => {
    const store = memory()
    store.setItem('gridward.draft.x', '{')
    expect(readDraft(store, 'x')).toBe(null)
    const full: Store = {
      ...store,
      setItem: () => {
        throw new Error('full')
      },
    }
    expect(() => keepDraft(full, 'x', { id: 'a', value: 1, sent: null })).not.toThrow()
  })

  test('the same body keeps its id, another body gets a new one', () => {
    expect(idFor({ id: 'a', value: 0, sent: null }, 'B', () => 'new')).toBe('a')
    expect(idFor({ id: 'a', value: 0, sent: 'B' }, 'B', () => 'new')).toBe('a')
    expect(idFor({ id: 'a', value: 0, sent: 'B' }, 'C', () => 'new')).toBe('new')
  })
})

describe('report', () => {
  const now = Date.parse('2026-06-05T07:00:00.123Z')

  test('an empty form says what is missing', () => {
    expect(checkReport(EMPTY_REPORT, now)).toEqual({ category: 'category', address: 'place', text: 'text' })
  })

  test('coordinates that cannot be read are named, even beside an address', () => {
    const form = { ...EMPTY_REPORT, category: 'c', text: 't', address: '路', coordinates: '114' }
    expect(checkReport(form, now)).toEqual({ coordinates: 'coordinates' })
  })

  test('nothing can be seen in the future', () => {
    const form = { ...EMPTY_REPORT, category: 'c', text: 't', address: '路', observedAt: '2026-06-05T07:00:01Z' }
    expect(checkReport(form, now)).toEqual({ observedAt: 'future' })
  })

  test('the body holds only what is known', () => {
    const form = { ...EMPTY_REPORT, category: 'c', text: ' 占道 ', coordinates: '114.05，22.5' }
    expect(reportBody('id', form, now)).toEqual({
      id: 'id',
      category: 'c',
      text: '占道',
      source: 'desk',
      observed_at: '2026-06-05T07:00:00Z',
      point: { lon: 114.05, lat: 22.5 },
      blobs: [],
    })
  })
})

describe('coordinates', () => {
  test.each([
    ['114.05, 22.5', { lon: 114.05, lat: 22.5 }],
    ['114.05 22.5', { lon: 114.05, lat: 22.5 }],
    ['22.5，114.05', { lon: 114.05, lat: 22.5 }],
    ['-71.0587,42.3594', { lon: -71.0587, lat: 42.3594 }],
    ['114.05°, 22.5°', { lon: 114.05, lat: 22.5 }],
    ['114.05', null],
    ['200, 95', null],
    ['1 2 3', null],
  ])('%s', (text, point) => {
    expect(readPoint(text)).toEqual(point)
  })

  test('are written with six decimals', () => {
    expect(wordPoint({ lon: 114.05, lat: 22.5 })).toBe('114.050000, 22.500000')
  })
})
