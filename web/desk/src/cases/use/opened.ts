import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** The case in the drawer is part of the address: reload and back keep it. */
export function useOpened() {
  const route = useRoute()
  const router = useRouter()
  const opened = computed(() => (typeof route.query.case === 'string' ? route.query.case : null))

  // Opening adds a step back; walking from one to the next does not.
  function open(id: string): void {
    const to = { query: { ...route.query, case: id } }
    void (opened.value ? router.replace(to) : router.push(to))
  }

  function close(): void {
    const query = { ...route.query }
    delete query.case
    void router.replace({ query })
  }

  function full(id: string): void {
    void router.push({ name: 'case', params: { id } })
  }

  return { opened, open, close, full }
}
