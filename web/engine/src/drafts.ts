/** What a person typed outlives a reload, a step back and an expired log-in; it ends when it was sent or thrown away. */
export interface Store {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

/** A draft carries the id of the operation: a repeat after a lost answer is the same operation. */
export interface Draft<T> {
  id: string
  value: T
  /** What was last sent under this id; null when nothing was. */
  sent: string | null
}

const PREFIX = 'gridward.draft.'

export function readDraft<T>(store: Store, key: string): Draft<T> | null {
  try {
    const draft = JSON.parse(store.getItem(PREFIX + key) ?? 'null') as Draft<T> | null
    return draft && typeof draft.id === 'string' ? draft : null
  } catch {
    return null
  }
}

/** Keeps a draft; a full or forbidden store must not stop the work. */
export function keepDraft<T>(store: Store, key: string, draft: Draft<T>): void {
  try {
    store.setItem(PREFIX + key, JSON.stringify(draft))
  } catch {
    /* the page itself still holds the text */
  }
}

export function dropDraft(store: Store, key: string): void {
  try {
    store.removeItem(PREFIX + key)
  } catch {
    /* nothing to drop then */
  }
}

/**
 * The id for sending `body`: the kept one as long as the content is the one sent before (or nothing was sent), a new
 * one once it differs, because the same id with another body is refused.
 */
export function idFor<T>(draft: Draft<T>, body: string, fresh: () => string): string {
  return draft.sent === null || draft.sent === body ? draft.id : fresh()
}
