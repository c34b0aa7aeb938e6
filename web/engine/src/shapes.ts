/** Where a label sits and what a map must show, from GeoJSON in degrees. */
export type Position = readonly number[]
export type Box = [number, number, number, number]

interface Shape {
  type: string
  coordinates: unknown
}

/** Outer rings of a polygon or multipolygon; nothing for other shapes and for areas without one. */
export function outerRings(shape: Shape | null | undefined): Position[][] {
  if (shape?.type === 'Polygon') return [(shape.coordinates as Position[][])[0] ?? []]
  if (shape?.type === 'MultiPolygon') return (shape.coordinates as Position[][][]).map((each) => each[0] ?? [])
  return []
}

function doubleArea(ring: readonly Position[]): number {
  let sum = 0
  for (let i = 0; i + 1 < ring.length; i += 1) sum += ring[i]![0]! * ring[i + 1]![1]! - ring[i + 1]![0]! * ring[i]![1]!
  return sum
}

function centreLatitude(ring: readonly Position[]): number {
  let sum = 0
  for (let i = 0; i + 1 < ring.length; i += 1) {
    const [a, b] = [ring[i]!, ring[i + 1]!]
    sum += (a[1]! + b[1]!) * (a[0]! * b[1]! - b[0]! * a[1]!)
  }
  return sum / (3 * doubleArea(ring))
}

/** Longitudes at which a ring crosses a latitude, in order. */
function crossings(ring: readonly Position[], lat: number): number[] {
  const at: number[] = []
  for (let i = 0; i + 1 < ring.length; i += 1) {
    const [a, b] = [ring[i]!, ring[i + 1]!]
    if (a[1]! > lat === b[1]! > lat) continue
    at.push(a[0]! + ((lat - a[1]!) / (b[1]! - a[1]!)) * (b[0]! - a[0]!))
  }
  return at.sort((x, y) => x - y)
}

export interface LabelPlace {
  at: [number, number]
  /** Degrees of longitude that the area is wide there. */
  width: number
}

/**
 * A place inside the largest part: the middle of the widest stretch at the height of the centre of gravity. Unlike the
 * centre itself it never falls outside a bent area.
 */
export function labelPlace(shape: Shape | null | undefined): LabelPlace | null {
  const rings = outerRings(shape).filter((ring) => ring.length > 3 && doubleArea(ring) !== 0)
  if (rings.length === 0) return null
  const ring = rings.reduce((best, each) => (Math.abs(doubleArea(each)) > Math.abs(doubleArea(best)) ? each : best))
  const lat = centreLatitude(ring)
  const at = crossings(ring, lat)
  let widest: [number, number] | null = null
  for (let i = 0; i + 1 < at.length; i += 2) {
    const stretch: [number, number] = [at[i]!, at[i + 1]!]
    if (!widest || stretch[1] - stretch[0] > widest[1] - widest[0]) widest = stretch
  }
  return widest && { at: [(widest[0] + widest[1]) / 2, lat], width: widest[1] - widest[0] }
}

const LETTER_PX = 12
/** A name may be twice as wide as its area: of neighbours that would touch, the map itself leaves some out. */
const OVERHANG = 2

/** Is a name readable in an area that is `width` degrees wide, at this zoom? Otherwise names only cover the map. */
export function isLabelFitting(name: string, width: number, zoom: number): boolean {
  const pixels = (width * 512 * 2 ** zoom) / 360
  const letters = [...name].reduce((sum, each) => sum + (each.charCodeAt(0) < 0x2e80 ? 0.55 : 1), 0)
  return letters * LETTER_PX <= pixels * OVERHANG
}

/** A box made larger on every side by a part of its own size, so that the neighbours of an area are seen. */
export function widened(box: Box, part: number): Box {
  const [x, y] = [(box[2] - box[0]) * part, (box[3] - box[1]) * part]
  return [box[0] - x, box[1] - y, box[2] + x, box[3] + y]
}

/** The box around all positions, null when there are none. */
export function boxOf(positions: Iterable<Position>): Box | null {
  let box: Box | null = null
  for (const [lon, lat] of positions) {
    if (lon === undefined || lat === undefined) continue
    box ??= [lon, lat, lon, lat]
    box = [Math.min(box[0], lon), Math.min(box[1], lat), Math.max(box[2], lon), Math.max(box[3], lat)]
  }
  return box
}

export function boxOfShapes(shapes: Iterable<Shape | null>): Box | null {
  const positions: Position[] = []
  for (const shape of shapes) {
    if (shape?.type === 'Point') positions.push(shape.coordinates as Position)
    else for (const ring of outerRings(shape)) positions.push(...ring)
  }
  return boxOf(positions)
}
