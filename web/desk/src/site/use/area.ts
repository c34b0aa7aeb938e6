import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useSession } from './session'

/** The area the whole desk looks at. It is part of the address, so that a link shows the same to the next person. */
export function useArea() {
  const route = useRoute()
  const router = useRouter()
  const { me } = useSession()

  const area = computed(() => (typeof route.query.area === 'string' ? route.query.area : null))
  const home = computed(() => me.value?.posts.find((post) => post.area)?.area ?? null)

  function choose(id: string | null): void {
    const query = { ...route.query }
    delete query.after
    if (id) query.area = id
    else delete query.area
    void router.push({ query })
  }

  return { area, home, choose }
}
