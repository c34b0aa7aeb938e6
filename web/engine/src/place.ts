export interface Point {
  lon: number
  lat: number
}

/**
 * Reads "114.3512, 22.6901" as people paste it: comma, Chinese comma or space, degrees sign allowed. lon comes first;
 * a pair that is only possible the other way round (|first| ≤ 90 < |second|) is turned.
 */
export function readPoint(text: string): Point | null {
  const numbers = text.replace(/[°度]/g, '').match(/[-+]?\d+(?:\.\d+)?/g)
  if (!numbers || numbers.length !== 2) return null
  const [first, second] = numbers.map(Number) as [number, number]
  if (Math.abs(second) > 90 && Math.abs(first) <= 90) return inRange(second, first)
  return inRange(first, second)
}

function inRange(lon: number, lat: number): Point | null {
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90 ? { lon, lat } : null
}

/** Six decimals are a tenth of a metre: more would only pretend. */
export function wordPoint(point: Point): string {
  return `${point.lon.toFixed(6)}, ${point.lat.toFixed(6)}`
}
