/**
 * Where a reader stands in a key-set list: the key of the shown page and the keys of the pages before it. Keys are
 * opaque. The server may also give `previous`; the own trail is preferred because it works where the server gives none.
 */
export interface Paging {
  after: string | null
  trail: readonly (string | null)[]
  next: string | null
  previous: string | null
}

export const FIRST_PAGE: Paging = { after: null, trail: [], next: null, previous: null }

/** The answer of the shown page has come. */
export function arrived(paging: Paging, next: string | null, previous: string | null = null): Paging {
  return { ...paging, next, previous }
}

export function canGoBack(paging: Paging): boolean {
  return paging.after !== null
}

export function canGoOn(paging: Paging): boolean {
  return paging.next !== null
}

export function goOn(paging: Paging): Paging {
  if (paging.next === null) return paging
  return { after: paging.next, trail: [...paging.trail, paging.after], next: null, previous: null }
}

/** One page back; after a reload in the middle of a list the trail is gone and the server's key is used. */
export function goBack(paging: Paging): Paging {
  if (paging.after === null) return paging
  if (paging.trail.length === 0) return { ...FIRST_PAGE, after: paging.previous }
  return { after: paging.trail.at(-1) ?? null, trail: paging.trail.slice(0, -1), next: null, previous: null }
}

/** Number of the shown page, null when it cannot be known (reloaded in the middle). */
export function pageNumber(paging: Paging): number | null {
  if (paging.after === null) return 1
  return paging.trail.length > 0 ? paging.trail.length + 1 : null
}
