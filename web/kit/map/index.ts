import type { Box, Point } from '@gridward/engine'

/** What a page may ask of a map. The library behind it is loaded when the first map is opened, not before. */
export interface GridMap {
  setAreas(areas: AreaShapes): void
  setCases(cases: CasePoints): void
  pickArea(id: string | null): void
  pickCase(id: string | null): void
  setMarker(point: Point | null): void
  fit(box: Box | null, animate?: boolean): void
  repaint(): void
  close(): void
}

export interface AreaShapes {
  type: 'FeatureCollection'
  features: {
    type: 'Feature'
    geometry: { type: string; coordinates: unknown } | null
    properties: { id: string; code: string; name: string; level: string }
  }[]
}

export interface CasePoints {
  type: 'FeatureCollection'
  features: {
    type: 'Feature'
    geometry: { type: string; coordinates: unknown } | null
    properties: { id: string; number: string; stage: string; colour: string; category_label: string }
  }[]
}

export interface MapEvents {
  onCase?: (id: string) => void
  onArea?: (id: string) => void
  onPoint?: (point: Point) => void
  onError?: (message: string) => void
}

export interface MapOptions extends MapEvents {
  /** Words for the buttons on the map. */
  words: { zoomIn: string; zoomOut: string; map: string }
}

export async function openMap(element: HTMLElement, options: MapOptions): Promise<GridMap> {
  const { LibreMap } = await import('./libre')
  return LibreMap.open(element, options)
}
