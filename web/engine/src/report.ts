import { readPoint, type Point } from './place'

/** The form of a new case, as typed. */
export interface ReportForm {
  category: string | null
  coordinates: string
  address: string
  subject: string | null
  text: string
  source: string
  observedAt: string | null
  /** Hashes of the photos that have arrived. */
  blobs: string[]
}

export const EMPTY_REPORT: ReportForm = {
  category: null,
  coordinates: '',
  address: '',
  subject: null,
  text: '',
  source: 'desk',
  observedAt: null,
  blobs: [],
}

export type ReportFault = 'category' | 'place' | 'coordinates' | 'text' | 'future'

/** A case needs a category, a place (point, address or subject) and a text; faults by field of the form. */
export function checkReport(form: ReportForm, now: number): Partial<Record<keyof ReportForm, ReportFault>> {
  const faults: Partial<Record<keyof ReportForm, ReportFault>> = {}
  if (!form.category) faults.category = 'category'
  if (form.coordinates.trim() && !readPoint(form.coordinates)) faults.coordinates = 'coordinates'
  else if (!form.coordinates.trim() && !form.address.trim() && !form.subject) faults.address = 'place'
  if (!form.text.trim()) faults.text = 'text'
  if (form.observedAt && Date.parse(form.observedAt) > now) faults.observedAt = 'future'
  return faults
}

export interface ReportBody {
  id: string
  category: string
  text: string
  source: string
  observed_at: string
  point?: Point
  address?: string
  subject?: string
  blobs: string[]
}

/** The body to send. `now` stands in when nobody said when it was seen. */
export function reportBody(id: string, form: ReportForm, now: number): ReportBody {
  const point = readPoint(form.coordinates)
  const seen = form.observedAt ? Date.parse(form.observedAt) : now
  return {
    id,
    category: form.category ?? '',
    text: form.text.trim(),
    source: form.source,
    observed_at: new Date(seen).toISOString().replace(/\.\d+Z$/, 'Z'),
    ...(point ? { point } : {}),
    ...(form.address.trim() ? { address: form.address.trim() } : {}),
    ...(form.subject ? { subject: form.subject } : {}),
    blobs: [...form.blobs],
  }
}

export function isReportTouched(form: ReportForm): boolean {
  return Boolean(form.category || form.text.trim() || form.address.trim() || form.coordinates.trim() || form.blobs.length)
}
