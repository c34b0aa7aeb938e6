/* Written by hand until the server serves /api/openapi.json; afterwards made by `npm run api` and never edited. */

type Ok<T> = { content: { 'application/json': T } }
type Nothing = { content?: never }
type Problems = { content: { 'application/problem+json': components['schemas']['Problem'] } }
type At<Path> = [Path] extends [never] ? { path?: never } : { path: Path }
type Get<Query, Path, T> = {
  parameters: { query?: Query } & At<Path>
  responses: { 200: Ok<T>; 401: Problems; 404: Problems }
}
type Post<Path, Body, T> = {
  parameters: { query?: never } & At<Path>
  requestBody: { content: { 'application/json': Body } }
  responses: { 200: Ok<T>; 201: Ok<T>; 409: Problems; 422: Problems }
}
type Remove<Path> = { parameters: { query?: never } & At<Path>; responses: { 204: Nothing; 401: Problems } }
type None = never

export interface paths {
  '/api/v1/session': {
    get: Get<never, None, components['schemas']['Me']>
    post: Post<None, { login: string; password: string }, components['schemas']['Me']>
    delete: Remove<None>
  }
  '/api/v1/sessions': { get: Get<never, None, { items: components['schemas']['SessionRow'][] }> }
  '/api/v1/sessions/{id}': { delete: Remove<{ id: string }> }
  '/api/v1/cases': {
    get: Get<components['schemas']['CaseQuery'], None, components['schemas']['CasePage']>
    post: Post<None, components['schemas']['Report'], components['schemas']['CaseRow']>
  }
  '/api/v1/cases/counts': { get: Get<{ area?: string }, None, components['schemas']['CaseCounts']> }
  '/api/v1/cases.geojson': {
    get: Get<{ area?: string; open?: boolean }, None, components['schemas']['CaseFeatures']>
  }
  '/api/v1/cases/{id}': { get: Get<never, { id: string }, components['schemas']['CaseDetail']> }
  '/api/v1/cases/{id}/journal': {
    get: Get<never, { id: string }, { items: components['schemas']['JournalItem'][] }>
  }
  '/api/v1/cases/{id}/moves': {
    post: Post<{ id: string }, components['schemas']['MoveIn'], components['schemas']['CaseRow']>
  }
  '/api/v1/schemes': { get: Get<never, None, { items: components['schemas']['Scheme'][] }> }
  '/api/v1/areas': {
    get: Get<
      { scheme?: string; level?: string; parent?: string; at?: string },
      None,
      { items: components['schemas']['AreaRow'][] }
    >
  }
  '/api/v1/areas.geojson': {
    get: Get<{ scheme?: string; level?: string; at?: string }, None, components['schemas']['AreaFeatures']>
  }
  '/api/v1/areas/{id}': { get: Get<never, { id: string }, components['schemas']['AreaDetail']> }
  '/api/v1/units': { get: Get<never, None, { items: components['schemas']['Unit'][] }> }
  '/api/v1/categories': { get: Get<never, None, { items: components['schemas']['Category'][] }> }
  '/api/v1/ledgers': { get: Get<never, None, { items: components['schemas']['Ledger'][] }> }
  '/api/v1/ledgers/{code}/subjects': {
    get: Get<
      { q?: string; area?: string; after?: string; limit?: number },
      { code: string },
      components['schemas']['SubjectPage']
    >
  }
  '/api/v1/subjects/{id}': { get: Get<never, { id: string }, components['schemas']['SubjectDetail']> }
}

export interface components {
  schemas: {
    Problem: {
      type: string
      title: string
      status: number
      code: string
      detail: string
      errors: { field: string; code: string; sentence: string }[]
      current?: { stage: string; seq: number; by: string | null; at: string | null }
    }
    Label: { zh: string; en: string }
    AreaRef: { id: string; code: string; name: string }
    UnitRef: { id: string; name: string }
    Me: {
      person: { id: string; name: string; login: string }
      posts: {
        post: string
        label: components['schemas']['Label']
        area: components['schemas']['AreaRef'] | null
        unit: components['schemas']['UnitRef'] | null
        rank: string
      }[]
      permissions: string[]
      jurisdiction: { name: string; timezone: string; version: string }
      night: boolean
    }
    SessionRow: { id: string; created_at: string; last_seen_at: string; agent: string; current: boolean }
    CaseQuery: {
      stage?: string
      category?: string
      area?: string
      unit?: string
      open?: boolean
      due_before?: string
      inbox?: boolean
      q?: string
      closed_from?: string
      closed_to?: string
      order?: 'next_due' | '-created'
      limit?: number
      after?: string
    }
    RailStep: {
      stage: string
      seconds: number | null
      late: boolean
      state: 'done' | 'current' | 'todo' | 'skipped'
    }
    CaseRow: {
      id: string
      number: string
      stage: string
      outcome: string | null
      category: string
      category_label: string
      area: string | null
      area_id: string | null
      area_name: string | null
      unit: string | null
      unit_id: string | null
      unit_name: string | null
      text: string
      address: string
      opened_at: string | null
      total_due_at: string | null
      unit_due_at: string | null
      next_due_at: string | null
      colour: string
      seq: number
      closed_at: string | null
      returns: number
      responsible: { who: string[]; where: string | null; until: string | null }
      rail: components['schemas']['RailStep'][]
      turn: string
    }
    CasePage: {
      items: components['schemas']['CaseRow'][]
      next: string | null
      previous: string | null
      total?: string | null
    }
    Clock: {
      kind: string
      started_at: string
      due_at: string | null
      stopped_at: string | null
      paused: boolean
      limit: string
      used_s: number
      seconds: number
      colour: string
    }
    Need: {
      field: string
      label: string
      type: 'text' | 'unit' | 'instant' | 'choice' | 'photo' | 'row' | 'bool'
      required: boolean
      choices?: { id: string; label: string }[]
    }
    Move: {
      move: string
      label: string
      allowed: boolean
      reason: string | null
      needs: components['schemas']['Need'][]
    }
    CaseDetail: components['schemas']['CaseRow'] & {
      point: { lon: number; lat: number } | null
      subject: Record<string, string> | null
      source: string
      recorded: Record<string, unknown>
      clocks: components['schemas']['Clock'][]
      moves: components['schemas']['Move'][]
      blobs: string[]
      contact: Record<string, string | null>
    }
    JournalItem: {
      seq: number
      move: string
      actor: string
      actor_name: string
      at: string
      received_at: string
      from: string
      to: string
      data: Record<string, unknown>
      prev_hash: string
      hash: string
      sentence: string
    }
    Report: {
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
    MoveIn: { id: string; move: string; expected_seq: number; data: Record<string, unknown> }
    CaseCounts: {
      open: number
      late: number
      today: number
      week: number
      by_stage: Record<string, number>
      by_unit: { unit: components['schemas']['UnitRef']; open: number; late: number }[]
    }
    CaseFeatures: {
      type: 'FeatureCollection'
      features: {
        type: 'Feature'
        geometry: { type: 'Point'; coordinates: number[] }
        properties: { id: string; number: string; stage: string; colour: string; category_label: string }
      }[]
    }
    Scheme: { code: string; label: string; levels: { rank: number; code: string; label: string }[] }
    AreaRow: {
      id: string
      code: string
      name: string
      level: string
      parent: string | null
      lead: string[]
      gap: boolean
      bbox: number[] | null
    }
    AreaFeatures: {
      type: 'FeatureCollection'
      features: {
        type: 'Feature'
        geometry: { type: string; coordinates: unknown }
        properties: { id: string; code: string; name: string; level: string }
      }[]
    }
    AreaDetail: {
      id: string
      code: string
      name: string
      level: string
      scheme: string
      ancestors: components['schemas']['AreaRef'][]
      postings: { person: string; post: string; rank: string; from: string; to: string | null }[]
      lineage: { kind: string; from: string[]; to: string[]; at: string }[]
    }
    Unit: { id: string; code: string; name: string }
    Category: {
      code: string
      dictionary: string
      kind: string
      label: string
      workflow: string
      rows: { id: string; label: string; limits: Record<string, string> }[]
    }
    Ledger: { code: string; label: string; count: number }
    SubjectPage: { items: components['schemas']['SubjectRow'][]; next: string | null }
    SubjectRow: {
      id: string
      number: string
      name: string
      area: components['schemas']['AreaRef'] | null
      class: string | null
      completeness: number[]
    }
    SubjectDetail: components['schemas']['SubjectRow'] & {
      ledger: { code: string; label: string }
      point: { lon: number; lat: number } | null
      fields: { code: string; label: string; value: unknown; group?: string | null }[]
      history: { at: string; actor_name: string | null; sentence: string }[]
    }
  }
}
