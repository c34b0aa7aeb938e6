import createClient, { type Middleware } from 'openapi-fetch'
import { ProblemError, problemOf, unreachable, uuid7, type Problem } from '@gridward/engine'
import type { Paths } from './undescribed'

export interface Surroundings {
  /** Language of the sentences the server writes. */
  language: () => string
  /** Called when the server no longer knows who is asking. */
  onSignedOut: () => void
}

const surroundings: Surroundings = { language: () => 'zh-Hans', onSignedOut: () => {} }

/** Set once at start: the client itself knows neither pages nor languages. */
export function surround(by: Partial<Surroundings>): void {
  Object.assign(surroundings, by)
}

function cookie(name: string): string {
  const found = document.cookie.split('; ').find((each) => each.startsWith(`${name}=`))
  return found ? decodeURIComponent(found.slice(name.length + 1)) : ''
}

/** What every request carries: the language of the sentences, and the token against forged requests. */
export function sentHeaders(method: string): [string, string][] {
  const language: [string, string] = ['Accept-Language', surroundings.language()]
  return method === 'GET' ? [language] : [language, ['X-CSRFToken', cookie('csrftoken')]]
}

const headers: Middleware = {
  onRequest({ request }) {
    for (const [name, value] of sentHeaders(request.method)) request.headers.set(name, value)
    return request
  },
}

export const http = createClient<Paths>({ baseUrl: '', credentials: 'same-origin' })
http.use(headers)

interface Outcome<T> {
  data?: T
  error?: unknown
  response: Response
}

const isCut = (error: unknown) => error instanceof DOMException && error.name === 'AbortError'

/** The body of a successful answer; everything else is thrown as a ProblemError (a cut request stays an AbortError). */
export async function answer<T>(asked: Promise<Outcome<T>>): Promise<T> {
  let outcome: Outcome<T>
  try {
    outcome = await asked
  } catch (error) {
    throw isCut(error) ? error : new ProblemError(unreachable())
  }
  if (outcome.response.ok) return outcome.data as T
  throw guard(problemOf(outcome.response.status, outcome.error))
}

/** A refusal as an error; the end of a session is told on the way. */
export function guard(problem: Problem): ProblemError {
  if (problem.status === 401) surroundings.onSignedOut()
  return new ProblemError(problem)
}

/** A new client-side id (UUIDv7). getRandomValues also works where the page is not served by TLS. */
export function newId(): string {
  return uuid7(Date.now(), crypto.getRandomValues(new Uint8Array(10)))
}
