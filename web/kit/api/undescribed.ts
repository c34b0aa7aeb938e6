/**
 * Answers that the server's OpenAPI document does not describe (yet), written by hand beside the generated schema.
 * An entry goes as soon as the document describes it; `npm run api` then does the rest.
 */
import type { paths } from './schema'

type Ok<T> = { responses: { 200: { headers: { [name: string]: unknown }; content: { 'application/json': T } } } }
type Done = { responses: { 204: { headers: { [name: string]: unknown }; content?: never } } }
type Asked<Query = never, Path = never> = {
  parameters: { query?: Query; header?: never; path: Path; cookie?: never }
  requestBody?: never
}
type Plain<Query = never> = {
  parameters: { query?: Query; header?: never; path?: never; cookie?: never }
  requestBody?: never
}
type Only<Method extends string, Operation> = { [M in Method]: Operation }

interface AreaRef {
  id: string
  code: string
  name: string
}

interface Me {
  person: { id: string | null; name: string; login: string }
  posts: {
    post: string
    label: { zh: string; en: string }
    area: AreaRef | null
    unit: { id: string; name: string } | null
    rank: string
  }[]
  permissions: string[]
  jurisdiction: {
    name: string
    timezone: string
    version: string
    /** Without it the desk words what is left by a plain week, which is wrong around holidays. */
    calendar?: { periods?: string[][]; off?: string[]; on?: string[] }
  }
  night: boolean
}

interface SessionRow {
  id: string
  created_at: string
  last_seen_at: string
  agent: string
  current: boolean
}

interface Counts {
  open: number
  late: number
  today: number
  week: number
  by_stage: Record<string, number>
  by_unit: { unit: { id: string; name: string }; open: number; late: number }[]
}

interface Feature<Properties> {
  type: 'Feature'
  geometry: { type: string; coordinates: unknown } | null
  properties: Properties
}

interface Features<Properties> {
  type: 'FeatureCollection'
  features: Feature<Properties>[]
  truncated?: boolean
}

interface Category {
  code: string
  dictionary: string
  kind: string
  label: string
  workflow: string
  rows: { id: string; label: string; limits: Record<string, string> }[]
}

interface SubjectRow {
  id: string
  number: string
  name: string
  area: AreaRef | null
  class: string | null
  completeness: number[]
}

interface SubjectDetail extends SubjectRow {
  ledger?: { code: string; label: string }
  point?: { lon: number; lat: number } | null
  fields?: { code: string; label: string; value: unknown; group?: string | null }[]
  history?: { at: string; actor_name: string | null; sentence: string }[]
}

interface Undescribed {
  '/api/v1/session': Only<'get', Plain & Ok<Me>> &
    Only<'post', Omit<paths['/api/v1/session']['post'], 'responses'> & Ok<Me>> &
    Only<'delete', Plain & Done>
  '/api/v1/sessions': Only<'get', Plain & Ok<{ items: SessionRow[] }>>
  '/api/v1/sessions/{id}': Only<'delete', Asked<never, { id: string }> & Done>
  /** Searching by number, text or address is part of the agreed shapes. */
  '/api/v1/cases': Omit<paths['/api/v1/cases'], 'get'> &
    Only<
      'get',
      Omit<paths['/api/v1/cases']['get'], 'parameters'> & {
        parameters: Omit<paths['/api/v1/cases']['get']['parameters'], 'query'> & {
          query?: paths['/api/v1/cases']['get']['parameters']['query'] & { q?: string }
        }
      }
    >
  '/api/v1/cases/counts': Only<'get', Plain<{ area?: string }> & Ok<Counts>>
  '/api/v1/cases.geojson': Only<
    'get',
    Plain<{ area?: string; open?: boolean }> &
      Ok<Features<{ id: string; number: string; stage: string; colour: string; category_label: string }>>
  >
  '/api/v1/areas.geojson': Only<
    'get',
    Plain<{ scheme?: string; level?: string; at?: string }> &
      Ok<Features<{ id: string; code: string; name: string; level: string }>>
  >
  '/api/v1/categories': Only<'get', Plain & Ok<{ items: Category[] }>>
  '/api/v1/ledgers': Only<'get', Plain & Ok<{ items: { code: string; label: string; count: number }[] }>>
  '/api/v1/ledgers/{code}/subjects': Only<
    'get',
    Asked<{ q?: string; area?: string; after?: string; limit?: number }, { code: string }> &
      Ok<{ items: SubjectRow[]; next: string | null }>
  >
  '/api/v1/subjects/{id}': Only<'get', Asked<never, { id: string }> & Ok<SubjectDetail>>
}

/** Everything the desk may ask: the generated schema, with the entries above in place of what it leaves open. */
export type Paths = Omit<paths, keyof Undescribed> & Undescribed
