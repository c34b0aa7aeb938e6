import { ref, watch, type Ref } from 'vue'
import { dropDraft, idFor, keepDraft, readDraft, type Draft } from '@gridward/engine'
import { newId } from '@gridward/kit/api'

/**
 * A form whose content outlives reload, back and log-in. `touched` says whether there is anything worth keeping;
 * `idOf` gives the operation id for a body: the same one when the same body is sent again.
 */
export function useDraft<T extends object>(key: string, start: T, touched: (value: T) => boolean) {
  const kept = readDraft<T>(sessionStorage, key)
  const value = ref(kept?.value ?? start) as Ref<T>
  const restored = ref(kept !== null)
  let id = kept?.id ?? newId()
  let sent = kept?.sent ?? null

  function keep(): void {
    const draft: Draft<T> = { id, value: value.value, sent }
    if (touched(value.value) || sent !== null) keepDraft(sessionStorage, key, draft)
    else dropDraft(sessionStorage, key)
  }

  function idOf(body: string): string {
    id = idFor({ id, value: null, sent }, body, newId)
    sent = body
    keep()
    return id
  }

  const stop = watch(value, keep, { deep: true })

  /** Sent and stored, or thrown away: nothing of it stays. */
  function done(): void {
    stop()
    dropDraft(sessionStorage, key)
  }

  return { value, restored, idOf, done }
}

export function hasDraft(key: string): boolean {
  return readDraft(sessionStorage, key) !== null
}
