import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { problemFrom, type Problem } from '@gridward/engine'

/**
 * One answer of the server as a page needs it: loading, ready or failed. A newer request cuts the older one, and what
 * is shown stays until the new answer is here.
 */
export function useLoad<T>(ask: (signal: AbortSignal) => Promise<T>) {
  const data = shallowRef<T | null>(null)
  const problem = ref<Problem | null>(null)
  const loading = ref(false)
  let running: AbortController | null = null

  async function load(): Promise<void> {
    running?.abort()
    const mine = new AbortController()
    running = mine
    loading.value = true
    try {
      const answer = await ask(mine.signal)
      if (running !== mine) return
      data.value = answer
      problem.value = null
    } catch (error) {
      if (running !== mine) return
      problem.value = problemFrom(error)
    }
    loading.value = false
  }

  function clear(): void {
    data.value = null
    problem.value = null
  }

  onScopeDispose(() => running?.abort())
  const state = computed(() => {
    if (problem.value) return 'failed' as const
    return data.value === null ? ('loading' as const) : ('ready' as const)
  })
  return { data, problem, loading, state, load, clear }
}
