/** An error as the pages understand it, whether it came as problem+json, as HTML from a proxy, or not at all. */
export interface Problem {
  /** HTTP status, 0 when there was no answer. */
  status: number
  code: string
  /** One sentence: what happened and what to do. Empty when the server gave none. */
  detail: string
  fields: Record<string, string>
  /** For 409: who changed the case in between, and when. */
  current: Current | null
}

export interface Current {
  stage: string
  seq: number
  by: string | null
  at: string | null
}

type Loose = Record<string, unknown>

const isLoose = (value: unknown): value is Loose => typeof value === 'object' && value !== null
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

function currentOf(value: unknown): Current | null {
  if (!isLoose(value) || typeof value.seq !== 'number') return null
  const by = isLoose(value.by) ? text(value.by.name) : text(value.by)
  return { stage: text(value.stage), seq: value.seq, by: by || null, at: text(value.at) || null }
}

function fieldsOf(value: unknown): Record<string, string> {
  const fields: Record<string, string> = {}
  if (!Array.isArray(value)) return fields
  for (const each of value) {
    if (!isLoose(each)) continue
    // A field is named by its last part: body.payload.text and text are the same box on the page.
    const name = text(each.field).split('.').pop() ?? ''
    if (!(name in fields)) fields[name] = text(each.sentence)
  }
  return fields
}

/** Reads the body of an unsuccessful answer; whatever cannot be understood leaves the status to speak. */
export function problemOf(status: number, body: unknown): Problem {
  const loose = isLoose(body) ? body : {}
  const fields = fieldsOf(loose.errors)
  return {
    status,
    code: text(loose.code) || `HTTP-${status}`,
    detail: text(loose.detail) || text(loose.title) || (fields[''] ?? ''),
    fields,
    current: currentOf(loose.current),
  }
}

/** No answer: the server is down, the line is cut. */
export function unreachable(): Problem {
  return { status: 0, code: 'GW-WEB-001', detail: '', fields: {}, current: null }
}

export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail || problem.code)
    this.name = 'ProblemError'
  }
}

/** Any thrown thing as a problem, so that a page has one way to show errors. */
export function problemFrom(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem
  return { ...unreachable(), code: 'GW-WEB-002', detail: error instanceof Error ? error.message : String(error) }
}

/** The request may have reached the server although no answer came: repeat it with the same id. */
export function isUncertain(problem: Problem): boolean {
  return problem.status === 0 || problem.status >= 500
}
