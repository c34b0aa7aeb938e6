import { describe, expect, test } from 'vitest'
import {
  checkValues,
  dataOf,
  isTouched,
  letterOf,
  mergeValues,
  moveForLetter,
  orderMoves,
  primaryMove,
  startValues,
  type Move,
  type Need,
} from '../src'

const NOW = Date.parse('2026-06-05T07:00:00Z')
const need = (field: string, type: Need['type'], required: boolean): Need => ({ field, type, required, label: field })
const NEEDS: Need[] = [
  need('unit', 'unit', true),
  need('how', 'text', false),
  need('by_when', 'instant', false),
  { ...need('grade', 'choice', true), choices: [{ id: 'good', label: '好' }] },
  need('agree', 'bool', true),
  need('after', 'photo', true),
]
const move = (name: string, allowed = true): Move => ({
  move: name,
  label: name,
  allowed,
  reason: allowed ? null : 'not now',
  needs: [],
})

describe('forms of moves (R-CASE-01)', () => {
  test('a required choice with one possibility is made', () => {
    expect(startValues(NEEDS)).toEqual({
      unit: null,
      how: '',
      by_when: null,
      grade: 'good',
      agree: null,
      after: [],
    })
  })

  test('what is missing is named by field; a required yes or no is not answered by itself, and no is an answer', () => {
    const start = startValues(NEEDS)
    expect(checkValues(NEEDS, start, NOW)).toEqual({ unit: 'missing', agree: 'missing', after: 'missing' })
    expect(checkValues(NEEDS, { ...start, agree: false }, NOW).agree).toBeUndefined()
    expect(startValues([need('listed', 'bool', false)])).toEqual({ listed: false })
  })

  test('an instant must be readable and in the future', () => {
    const check = (by_when: string) => checkValues(NEEDS, { ...startValues(NEEDS), by_when }, NOW).by_when
    expect(check('soon')).toBe('unreadable')
    expect(check('2026-06-05T07:00:00Z')).toBe('past')
    expect(check('2026-06-05T07:00:01Z')).toBeUndefined()
  })

  test('a choice that is no longer offered is missing', () => {
    expect(checkValues(NEEDS, { ...startValues(NEEDS), grade: 'poor' }, NOW).grade).toBe('missing')
  })

  test('empty fields are not sent, text is trimmed, instants are RFC 3339', () => {
    const values = { ...startValues(NEEDS), agree: false, how: '  到场处置 ', by_when: '2026-06-06T15:00+08:00' }
    expect(dataOf(NEEDS, values)).toEqual({
      how: '到场处置',
      by_when: '2026-06-06T07:00:00Z',
      grade: 'good',
      agree: false,
    })
  })

  test('kept values survive a form that changed since', () => {
    expect(mergeValues(NEEDS, { how: 'x', gone: 'y' })).toEqual({ ...startValues(NEEDS), how: 'x' })
  })

  test('a type that is not known yet is a text', () => {
    const later = [need('voice', 'voice', true)]
    expect(startValues(later)).toEqual({ voice: '' })
    expect(dataOf(later, { voice: ' 说 ' })).toEqual({ voice: '说' })
  })

  test('only what was typed counts as touched', () => {
    expect(isTouched(NEEDS, startValues(NEEDS))).toBe(false)
    expect(isTouched(NEEDS, { ...startValues(NEEDS), how: '。' })).toBe(true)
  })
})

describe('order and keys of moves', () => {
  const moves = [move('void'), move('reopen', false), move('return'), move('sign')]

  test('possible ones first, the step forward on top, grave ones last of their group', () => {
    expect(orderMoves(moves).map((each) => each.move)).toEqual(['sign', 'return', 'void', 'reopen'])
    expect(primaryMove(moves)).toBe('sign')
    expect(primaryMove([move('void'), move('sign', false)])).toBe(null)
  })

  test('a letter starts only what is allowed', () => {
    expect(moveForLetter(moves, 's')?.move).toBe('sign')
    expect(moveForLetter(moves, 'u')).toBe(null)
  })

  test('letters are unique and leave j k e n r to the list', () => {
    const names = ['pre_filing_check', 'file', 'decline', 'void', 'merge', 'settle_on_site', 'assign', 'sign', 'return']
    const more = ['transfer', 'hand_in', 'post_handling_check', 'close', 'evaluate', 'reopen', 'suspend', 'resume']
    const letters = [...names, ...more].map(letterOf)
    expect(new Set(letters).size).toBe(letters.length)
    expect(letters.filter((letter) => letter === null || 'jkenr'.includes(letter))).toEqual([])
  })
})
