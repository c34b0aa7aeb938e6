import { describe, expect, test } from 'vitest'
import { STAGES, isNobody, railAt, railOf, splitNumber, treeOf, wordWho, type RailStep } from '../src'

describe('stage rail', () => {
  const step = (stage: string, state: RailStep['state'], late = false, seconds: number | null = null): RailStep => ({
    stage,
    state,
    late,
    seconds,
  })

  test('always has seven segments in the fixed order', () => {
    expect(railOf([]).map((each) => each.stage)).toEqual([...STAGES])
    expect(railOf([]).map((each) => each.tone)).toEqual(Array(7).fill('todo'))
  })

  test('late shows on what was entered, never on what is still to come', () => {
    const rail = railOf([
      step('collected', 'done', true, 60),
      step('filed', 'skipped', true),
      step('assigned', 'current', true),
      step('handling', 'todo', true),
    ])
    expect(rail.slice(0, 4).map((each) => each.tone)).toEqual(['late', 'skipped', 'late', 'todo'])
    expect(rail[0]!.seconds).toBe(60)
  })

  test('a case that was declined keeps the stage it was in', () => {
    expect(railOf([step('collected', 'todo', false, 8220)]).map((each) => each.tone)).toEqual([
      'done', ...Array(6).fill('todo'),
    ])
  })

  test('returned work is a notch in assigned', () => {
    expect(railOf([], 2).map((each) => each.notches)).toEqual([0, 0, 2, 0, 0, 0, 0])
  })

  test('a stage alone is enough for a rail; a side stage has no place on it', () => {
    expect(railAt('assigned').map((each) => each.tone)).toEqual([
      'done', 'done', 'current', 'todo', 'todo', 'todo', 'todo',
    ])
    expect(railAt('void').map((each) => each.tone)).toEqual(Array(7).fill('todo'))
  })
})

describe('responsibility line', () => {
  test('two names, then a number', () => {
    expect(wordWho({ who: ['陈', '林', '吴'], where: null, until: null })).toBe('陈、林 +1')
  })

  test('a number is cut before its serial', () => {
    expect(splitNumber('20260901-city.stall-0002')).toEqual(['20260901-city.stall', '-0002'])
    expect(splitNumber('17')).toEqual(['17', ''])
  })

  test('nobody is seen', () => {
    expect(isNobody({ who: [], where: '3-2', until: null })).toBe(true)
    expect(isNobody({ who: ['陈'], where: null, until: null })).toBe(false)
  })
})

test('areas without a listed parent are roots', () => {
  const tree = treeOf([
    { id: 'b', parent: 'a' },
    { id: 'a', parent: 'outside' },
    { id: 'c', parent: 'b' },
  ])
  expect(tree.map((each) => each.id)).toEqual(['a'])
  expect(tree[0]!.children[0]!.children.map((each) => each.id)).toEqual(['c'])
})
