import type { LayerSpecification, StyleSpecification } from 'maplibre-gl'

/** The colours of the page, read when the map is drawn, so that a dark page has a dark map. */
export interface Palette {
  ink: string
  text2: string
  line: string
  paper: string
  ground: string
  accent: string
  warn: string
  late: string
}

export const FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'

export function readPalette(element: HTMLElement): Palette {
  const style = getComputedStyle(element)
  const read = (name: string) => style.getPropertyValue(`--${name}`).trim()
  return {
    ink: read('ink'),
    text2: read('text-2'),
    line: read('line'),
    paper: read('paper'),
    ground: read('ground'),
    accent: read('accent'),
    warn: read('warn'),
    late: read('late'),
  }
}

const picked = (yes: unknown, no: unknown) => ['case', ['boolean', ['feature-state', 'picked'], false], yes, no]

const byColour = (palette: Palette) => ['match', ['get', 'colour'], 'red', palette.late, 'yellow', palette.warn, palette.accent]

function areaLayers(palette: Palette): unknown[] {
  return [
    {
      id: 'area-fill',
      type: 'fill',
      source: 'areas',
      paint: { 'fill-color': picked(palette.accent, palette.text2), 'fill-opacity': picked(0.16, 0.08) },
    },
    {
      id: 'area-line',
      type: 'line',
      source: 'areas',
      paint: { 'line-color': picked(palette.accent, palette.text2), 'line-width': picked(2, 0.75) },
    },
  ]
}

// Late ones are larger and drawn last: the eye must find them without the colour.
function caseLayers(palette: Palette): unknown[] {
  const late = ['==', ['get', 'colour'], 'red']
  return [
    {
      id: 'case-dot',
      type: 'circle',
      source: 'cases',
      layout: { 'circle-sort-key': ['match', ['get', 'colour'], 'red', 2, 'yellow', 1, 0] },
      paint: {
        'circle-radius': [
          'interpolate',
          ['linear'],
          ['zoom'],
          10,
          ['case', late, 2.5, 1.5],
          12,
          ['case', late, 4, 2.5],
          15,
          ['case', late, 8, 6],
        ],
        'circle-color': byColour(palette),
        'circle-opacity': ['case', late, 1, 0.7],
        'circle-stroke-color': picked(palette.ink, palette.paper),
        'circle-stroke-width': picked(3, 0.75),
      },
    },
  ]
}

function labelLayer(palette: Palette): unknown {
  return {
    id: 'area-label',
    type: 'symbol',
    source: 'labels',
    layout: { 'text-field': ['get', 'name'], 'text-size': 12, 'text-font': ['local'], 'text-padding': 3 },
    paint: { 'text-color': palette.ink, 'text-halo-color': palette.paper, 'text-halo-width': 1.5 },
  }
}

const EMPTY = { type: 'FeatureCollection' as const, features: [] }

/** A style without any address: no tiles, no glyphs, no sprites; it works where there is no network at all. */
export function plainStyle(palette: Palette): StyleSpecification {
  const background = { id: 'ground', type: 'background', paint: { 'background-color': palette.paper } }
  return {
    version: 8,
    sources: {
      areas: { type: 'geojson', data: EMPTY, promoteId: 'id' },
      labels: { type: 'geojson', data: EMPTY },
      cases: { type: 'geojson', data: EMPTY, promoteId: 'id' },
    },
    layers: [
      background,
      ...areaLayers(palette),
      labelLayer(palette),
      ...caseLayers(palette),
    ] as LayerSpecification[],
  }
}
