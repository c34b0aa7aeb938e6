/** Names for the shapes the pages use, read off the paths so that a regenerated schema needs no change here. */
import type { Paths } from './undescribed'

type Json<R> = R extends { content: { 'application/json': infer T } } ? T : never
type Answer<P extends keyof Paths, M extends keyof Paths[P]> = Paths[P][M] extends { responses: infer R }
  ? Json<R[200 & keyof R]>
  : never

type Made<P extends keyof Paths> = Paths[P] extends { post: { responses: infer R } } ? Json<R[201 & keyof R]> : never

export type Me = Answer<'/api/v1/session', 'get'>
export type SessionRow = Answer<'/api/v1/sessions', 'get'>['items'][number]
export type CasePage = Answer<'/api/v1/cases', 'get'>
export type CaseRow = CasePage['items'][number]
export type CaseAnswer = Answer<'/api/v1/cases/{case}/moves', 'post'>
export type CaseDetail = Answer<'/api/v1/cases/{case}', 'get'>
export type CaseMove = CaseDetail['moves'][number]
export type CaseNeed = CaseMove['needs'][number]
export type CaseClock = CaseDetail['clocks'][number]
export type JournalItem = Answer<'/api/v1/cases/{case}/journal', 'get'>['items'][number]
export type CaseCounts = Answer<'/api/v1/cases/counts', 'get'>
export type CaseFeatures = Answer<'/api/v1/cases.geojson', 'get'>
export type CaseQuery = NonNullable<Paths['/api/v1/cases']['get']['parameters']['query']>
export type Scheme = Answer<'/api/v1/schemes', 'get'>['items'][number]
export type AreaRow = Answer<'/api/v1/areas', 'get'>['items'][number]
export type AreaFeatures = Answer<'/api/v1/areas.geojson', 'get'>
export type AreaDetail = Answer<'/api/v1/areas/{area_id}', 'get'>
export type Unit = Answer<'/api/v1/units', 'get'>['items'][number]
export type Category = Answer<'/api/v1/categories', 'get'>['items'][number]
export type Ledger = Answer<'/api/v1/ledgers', 'get'>['items'][number]
export type SubjectPage = Answer<'/api/v1/ledgers/{code}/subjects', 'get'>
export type SubjectRow = SubjectPage['items'][number]
export type SubjectDetail = Answer<'/api/v1/subjects/{subject}', 'get'>
export type Blob = Made<'/api/v1/blobs'>
