import { localDate } from './dates'
import { dateOf, dayNumberOf } from './zone'

/** The saved views of the case list. Lists are of open cases; closed ones need a period. */
export const VIEWS = ['inbox', 'open', 'late', 'closed'] as const
export type View = (typeof VIEWS)[number]

export interface CaseFilter {
  view: View
  q: string
  stage: string | null
  category: string | null
  area: string | null
  unit: string | null
  /** Local dates, 2026-06-05. */
  dueBefore: string | null
  closedFrom: string | null
  closedTo: string | null
}

export const PLAIN_FILTER: CaseFilter = {
  view: 'inbox',
  q: '',
  stage: null,
  category: null,
  area: null,
  unit: null,
  dueBefore: null,
  closedFrom: null,
  closedTo: null,
}

export const CLOSED_DAYS = 30
/** 366 days with both ends in. */
export const CLOSED_DAYS_MAX = 365

const NAMES: Record<Exclude<keyof CaseFilter, 'view'>, string> = {
  q: 'q',
  stage: 'stage',
  category: 'category',
  area: 'area',
  unit: 'unit',
  dueBefore: 'due',
  closedFrom: 'from',
  closedTo: 'to',
}

type Query = Record<string, string | null | undefined | (string | null)[]>

const one = (value: Query[string]): string | null => (Array.isArray(value) ? (value[0] ?? null) : (value ?? null))

/** The filter that an address of the desk stands for; what is unknown is left out. */
export function filterFromQuery(query: Query): CaseFilter {
  const filter: CaseFilter = { ...PLAIN_FILTER }
  const view = one(query.view)
  if (view && (VIEWS as readonly string[]).includes(view)) filter.view = view as View
  filter.q = one(query.q) ?? ''
  for (const field of ['stage', 'category', 'area', 'unit'] as const) filter[field] = one(query[NAMES[field]])
  for (const field of ['dueBefore', 'closedFrom', 'closedTo'] as const) {
    const date = one(query[NAMES[field]])
    filter[field] = date && dayNumberOf(date) !== null ? date : null
  }
  return filter
}

/** The address of a filter; empty parts are left out, so that an address says only what was chosen. */
export function queryFromFilter(filter: CaseFilter): Record<string, string> {
  const query: Record<string, string> = { view: filter.view }
  for (const [field, name] of Object.entries(NAMES) as [keyof typeof NAMES, string][]) {
    const value = filter[field]
    if (value) query[name] = value
  }
  return query
}

/** The period of the closed view: 30 days back unless chosen, never more than 366. */
export function closedPeriod(filter: CaseFilter, now: number, zone: string): { from: string; to: string } {
  const to = dayNumberOf(filter.closedTo ?? '') ?? dayNumberOf(localDate(now, zone))!
  const from = dayNumberOf(filter.closedFrom ?? '') ?? to - CLOSED_DAYS
  const first = Math.min(Math.max(from, to - CLOSED_DAYS_MAX), to)
  return { from: dateOf(first), to: dateOf(to) }
}

/** How many choices stand besides the view; shown on the button that folds the filter row. */
export function chosenCount(filter: CaseFilter): number {
  const shown = [filter.q, filter.stage, filter.category, filter.area, filter.unit, filter.dueBefore]
  return shown.filter(Boolean).length
}
