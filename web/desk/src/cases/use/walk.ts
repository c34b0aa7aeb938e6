import { computed, ref, watch, type Ref } from 'vue'
import type { CaseRow } from '@gridward/kit/api'

/**
 * Walking a list with two keys. When the picked case has left the list (its move is done), the place in the list is
 * kept, so that the next key leads to the case that took its place.
 */
export function useWalk(rows: Ref<CaseRow[]>, opened: Ref<string | null>) {
  const picked = ref<string | null>(opened.value)
  let place = 0

  const indexOf = (id: string | null) => rows.value.findIndex((row) => row.id === id)

  watch(opened, (id) => {
    if (id) picked.value = id
  })
  watch(
    [rows, picked],
    () => {
      const index = indexOf(picked.value)
      if (index >= 0) place = index
    },
    { immediate: true },
  )

  function walk(by: number): string | null {
    if (rows.value.length === 0) return null
    const index = indexOf(picked.value)
    const gone = index < 0
    const start = gone ? (by > 0 ? place - 1 : place) : index
    const to = Math.min(Math.max(start + by, 0), rows.value.length - 1)
    picked.value = rows.value[to]!.id
    return picked.value
  }

  return { picked: computed(() => picked.value), walk }
}
