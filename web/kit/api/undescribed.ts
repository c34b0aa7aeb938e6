/**
 * Answers that the server's OpenAPI document does not describe (yet), written by hand beside the generated schema.
 * An entry goes as soon as the document describes it; `npm run api` then does the rest.
 */
import type { paths } from './schema'

interface Feature<Properties> {
  type: 'Feature'
  geometry: { type: string; coordinates: unknown } | null
  properties: Properties
}

interface AreaShapes {
  type: 'FeatureCollection'
  features: Feature<{ id: string; code: string; name: string; level: string }>[]
}

type Ok<T> = { responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': T } } } }

interface Undescribed {
  /** Outlines are served as stored text, which the document calls an object of anything. */
  '/api/v1/areas.geojson': Omit<paths['/api/v1/areas.geojson'], 'get'> & {
    get: Omit<paths['/api/v1/areas.geojson']['get'], 'responses'> & Ok<AreaShapes>
  }
}

/** Everything the desk may ask: the generated schema, with the entries above in place of what it leaves open. */
export type Paths = Omit<paths, keyof Undescribed> & Undescribed
