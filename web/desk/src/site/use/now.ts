import { ref } from 'vue'

const now = ref(Date.now())

// One clock for the page: all countdowns change together, twice a minute.
setInterval(() => (now.value = Date.now()), 30_000)

/** The present instant in epoch milliseconds, refreshed twice a minute. */
export function useNow() {
  return now
}
