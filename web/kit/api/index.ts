import { answer, http } from './client'
import type { CaseQuery } from './types'
import { upload } from './upload'

export { newId, surround } from './client'
export type * from './types'

/** Every call the desk makes, by room. Nothing else in the web apps talks to the network. */
export const session = {
  who: () => answer(http.GET('/api/v1/session')),
  open: (login: string, password: string) => answer(http.POST('/api/v1/session', { body: { login, password } })),
  close: () => answer(http.DELETE('/api/v1/session')),
  list: () => answer(http.GET('/api/v1/sessions')),
  end: (id: string) => answer(http.DELETE('/api/v1/sessions/{session}', { params: { path: { session: id } } })),
}

export const cases = {
  list: (query: CaseQuery, signal?: AbortSignal) => answer(http.GET('/api/v1/cases', { params: { query }, signal })),
  counts: (area?: string) => answer(http.GET('/api/v1/cases/counts', { params: { query: { area } } })),
  one: (id: string, signal?: AbortSignal) =>
    answer(http.GET('/api/v1/cases/{case}', { params: { path: { case: id } }, signal })),
  journal: (id: string, signal?: AbortSignal) =>
    answer(http.GET('/api/v1/cases/{case}/journal', { params: { path: { case: id } }, signal })),
  points: (area?: string) => answer(http.GET('/api/v1/cases.geojson', { params: { query: { area, open: true } } })),
  /** The filtered list as a file, and the name the server gave it. */
  file: (query: CaseQuery) => answer(http.GET('/api/v1/cases.csv', { params: { query }, parseAs: 'blob' })) as Promise<unknown> as Promise<globalThis.Blob>,
  report: (body: Parameters<typeof postCase>[0]) => answer(postCase(body)),
  move: (id: string, body: Parameters<typeof postMove>[1]) => answer(postMove(id, body)),
}

export const grids = {
  schemes: () => answer(http.GET('/api/v1/schemes')),
  areas: (query: { scheme?: string; level?: string; parent?: string }) =>
    answer(http.GET('/api/v1/areas', { params: { query } })),
  shapes: (query: { scheme?: string; level?: string }) =>
    answer(http.GET('/api/v1/areas.geojson', { params: { query } })),
  one: (id: string) => answer(http.GET('/api/v1/areas/{area_id}', { params: { path: { area_id: id } } })),
}

export const blobs = { send: upload }

export const catalogue = {
  units: () => answer(http.GET('/api/v1/units')),
  categories: () => answer(http.GET('/api/v1/categories')),
}

export const ledger = {
  list: () => answer(http.GET('/api/v1/ledgers')),
  subjects: (code: string, query: { q?: string; area?: string; after?: string }, signal?: AbortSignal) =>
    answer(http.GET('/api/v1/ledgers/{code}/subjects', { params: { path: { code }, query }, signal })),
  subject: (id: string) => answer(http.GET('/api/v1/subjects/{subject}', { params: { path: { subject: id } } })),
}

type ReportBody = {
  id: string
  category: string
  text: string
  source: string
  observed_at?: string
  point?: { lon: number; lat: number }
  address?: string
  subject?: string
  blobs?: string[]
}
type MoveBody = { id: string; move: string; expected_seq: number; data: Record<string, unknown> }

function postCase(body: ReportBody) {
  return http.POST('/api/v1/cases', { body })
}

function postMove(id: string, body: MoveBody) {
  return http.POST('/api/v1/cases/{case}/moves', { params: { path: { case: id } }, body })
}
