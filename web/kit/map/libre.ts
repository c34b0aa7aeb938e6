import { Map as Libre, Marker, NavigationControl, ScaleControl, setWorkerUrl, type GeoJSONSource } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import 'maplibre-gl/dist/maplibre-gl.css'
import { isLabelFitting, labelPlace, type Box, type LabelPlace, type Point } from '@gridward/engine'
import type { AreaShapes, CasePoints, GridMap, MapOptions } from '.'
import { FONT, plainStyle, readPalette } from './layers'

// Without its own address the worker is looked for beside the page, and only the running map says so.
setWorkerUrl(workerUrl)

type Source = 'areas' | 'cases'
type Data = Parameters<GeoJSONSource['setData']>[0]

type Label = LabelPlace & { name: string }

function labelsOf(areas: AreaShapes): Label[] {
  return areas.features.flatMap((area) => {
    const place = labelPlace(area.geometry)
    return place ? [{ ...place, name: area.properties.name }] : []
  })
}

function drawnLabels(labels: Label[], zoom: number): Data {
  const features = labels
    .filter((each) => isLabelFitting(each.name, each.width, zoom))
    .map(({ at, name }) => ({
      type: 'Feature' as const,
      geometry: { type: 'Point' as const, coordinates: at },
      properties: { name },
    }))
  return { type: 'FeatureCollection', features }
}

export class LibreMap implements GridMap {
  private readonly map: Libre
  private readonly kept: Partial<Record<Source | 'labels', Data>> = {}
  private readonly picked: Record<Source, string | null> = { areas: null, cases: null }
  private labels: Label[] = []
  private marker: Marker | null = null

  static open(element: HTMLElement, options: MapOptions): Promise<LibreMap> {
    const opened = new LibreMap(element, options)
    return new Promise((done) => opened.map.once('load', () => done(opened)))
  }

  private constructor(
    private readonly element: HTMLElement,
    options: MapOptions,
  ) {
    const { zoomIn, zoomOut, map } = options.words
    this.map = new Libre({
      container: element,
      style: plainStyle(readPalette(element)),
      localIdeographFontFamily: FONT,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      fadeDuration: 0,
      locale: { 'NavigationControl.ZoomIn': zoomIn, 'NavigationControl.ZoomOut': zoomOut, 'Map.Title': map },
    })
    this.map.addControl(new NavigationControl({ showCompass: false }), 'bottom-right')
    this.map.addControl(new ScaleControl({ unit: 'metric' }), 'bottom-left')
    this.listen(options)
  }

  private listen(options: MapOptions): void {
    this.map.on('error', (event) => options.onError?.(event.error.message))
    this.map.on('click', (event) => {
      const top = this.map.queryRenderedFeatures(event.point, { layers: ['case-dot', 'area-fill'] })[0]
      const id = top ? String(top.properties.id) : null
      if (id && top?.layer.id === 'case-dot' && options.onCase) return options.onCase(id)
      if (id && top?.layer.id === 'area-fill') options.onArea?.(id)
      options.onPoint?.({ lon: event.lngLat.lng, lat: event.lngLat.lat })
    })
    this.map.on('zoomend', () => this.label())
    if (!options.onCase) return
    this.map.on('mouseenter', 'case-dot', () => this.cursor('pointer'))
    this.map.on('mouseleave', 'case-dot', () => this.cursor(''))
  }

  private cursor(name: string): void {
    this.map.getCanvas().style.cursor = name
  }

  private fill(source: Source | 'labels', data: Data): void {
    this.kept[source] = data
    this.map.getSource<GeoJSONSource>(source)?.setData(data)
  }

  setAreas(areas: AreaShapes): void {
    const drawn = { ...areas, features: areas.features.filter((each) => each.geometry) }
    this.fill('areas', drawn as Data)
    this.labels = labelsOf(drawn)
    this.label()
  }

  /** Names come and go with the zoom: only those that their area has room for. */
  private label(): void {
    this.fill('labels', drawnLabels(this.labels, this.map.getZoom()))
  }

  setCases(cases: CasePoints): void {
    this.fill('cases', cases as Data)
  }

  private pick(source: Source, id: string | null): void {
    const before = this.picked[source]
    if (before) this.map.setFeatureState({ source, id: before }, { picked: false })
    this.picked[source] = id
    if (id) this.map.setFeatureState({ source, id }, { picked: true })
  }

  pickArea(id: string | null): void {
    this.pick('areas', id)
  }

  pickCase(id: string | null): void {
    this.pick('cases', id)
  }

  setMarker(point: Point | null): void {
    this.marker?.remove()
    this.marker = null
    if (!point) return
    this.marker = new Marker({ color: readPalette(this.element).accent }).setLngLat([point.lon, point.lat])
    this.marker.addTo(this.map)
  }

  fit(box: Box | null, animate = false): void {
    if (!box) return
    const duration = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 150
    this.map.fitBounds(box, { padding: this.padding(), maxZoom: 16, animate, duration })
  }

  /** A small map has no room to give away. */
  private padding(): number {
    const { clientWidth, clientHeight } = this.element
    return Math.min(32, Math.round(Math.min(clientWidth, clientHeight) * 0.06))
  }

  /** Draws again with the colours of now; data and picks are put back. */
  repaint(): void {
    this.map.setStyle(plainStyle(readPalette(this.element)), { diff: false })
    this.map.once('style.load', () => {
      for (const [source, data] of Object.entries(this.kept)) this.fill(source as Source, data)
      this.pickArea(this.picked.areas)
      this.pickCase(this.picked.cases)
    })
  }

  close(): void {
    this.map.remove()
  }
}
