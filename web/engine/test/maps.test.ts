import { describe, expect, test } from 'vitest'
import { boxOfShapes, isLabelFitting, labelPlace, widened, wordLimit } from '../src'

const ring = (...points: [number, number][]) => [...points, points[0]!]
const square = ring([0, 0], [4, 0], [4, 4], [0, 4])

describe('labels and boxes', () => {
  test('a square has its label in the middle', () => {
    expect(labelPlace({ type: 'Polygon', coordinates: [square] })).toEqual({ at: [2, 2], width: 4 })
  })

  test('a bent area keeps its label inside', () => {
    const bent = ring([0, 0], [9, 0], [9, 1], [1, 1], [1, 8], [9, 8], [9, 9], [0, 9])
    const [lon, lat] = labelPlace({ type: 'Polygon', coordinates: [bent] })!.at
    expect(lon).toBeCloseTo(0.5)
    expect(lat).toBeCloseTo(4.5)
  })

  test('the largest part of several carries it', () => {
    const small = ring([10, 10], [11, 10], [11, 11], [10, 11])
    expect(labelPlace({ type: 'MultiPolygon', coordinates: [[small], [square]] })).toEqual({ at: [2, 2], width: 4 })
  })

  test('an area without a polygon has none', () => {
    expect(labelPlace(null)).toBe(null)
    expect(labelPlace({ type: 'Polygon', coordinates: [ring([0, 0], [1, 0], [2, 0])] })).toBe(null)
  })

  test('a name is written where its area has room for it', () => {
    // 512 px are 360 degrees at zoom 0: 18 degrees are 26 px, half of what four Chinese letters need.
    expect(isLabelFitting('清源片区', 18, 0)).toBe(true)
    expect(isLabelFitting('清源片区', 16, 0)).toBe(false)
    expect(isLabelFitting('清源片区', 9, 1)).toBe(true)
    expect(isLabelFitting('Grid', 9, 0)).toBe(false)
    expect(isLabelFitting('Grid', 10, 0)).toBe(true)
  })

  test('a box is widened on all sides by a part of itself', () => {
    expect(widened([0, 0, 4, 8], 0.25)).toEqual([-1, -2, 5, 10])
  })

  test('a box takes polygons and points', () => {
    const shapes = [{ type: 'Polygon', coordinates: [square] }, { type: 'Point', coordinates: [-1, 6] }, null]
    expect(boxOfShapes(shapes)).toEqual([-1, 0, 4, 6])
    expect(boxOfShapes([])).toBe(null)
  })
})

test.each([
  ['5 working_days', '5 个工作日', '5 working days'],
  ['1 working_hour', '1 个工作时', '1 working hour'],
  ['24 natural_hours', '24 小时', '24 hours'],
  ['3 natural_days', '3 天', '3 days'],
  ['until noon', 'until noon', 'until noon'],
  [null, '', ''],
])('limit %s', (limit, zh, en) => {
  expect(wordLimit(limit, 'zh')).toBe(zh)
  expect(wordLimit(limit, 'en')).toBe(en)
})
