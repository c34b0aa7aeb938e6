import { computed, ref, watch, type Ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { FIRST_PAGE, arrived, goBack, goOn, type Paging } from '@gridward/engine'
import { ledger } from '@gridward/kit/api'
import { useArea } from '../../site/use/area'
import { useLoad } from '../../site/use/load'

export function useLedgers() {
  return useLoad(async () => (await ledger.list()).items)
}

/** The subjects of one ledger, page by page, in the chosen area. */
export function useSubjects(code: Ref<string>) {
  const route = useRoute()
  const router = useRouter()
  const { area } = useArea()
  const q = computed(() => (typeof route.query.name === 'string' ? route.query.name : ''))
  const paging = ref<Paging>(FIRST_PAGE)

  const page = useLoad((signal) => {
    const query = { q: q.value || undefined, area: area.value ?? undefined, after: paging.value.after ?? undefined }
    return ledger.subjects(code.value, query, signal)
  })

  async function load(): Promise<void> {
    await page.load()
    if (page.data.value) paging.value = arrived(paging.value, page.data.value.next)
  }

  function turn(to: Paging): void {
    paging.value = to
    void load()
  }

  watch([code, q, area], () => turn(FIRST_PAGE), { immediate: true })

  const search = (name: string) => void router.replace({ query: { ...route.query, name: name || undefined } })
  const pager = {
    first: () => turn(FIRST_PAGE),
    previous: () => turn(goBack(paging.value)),
    next: () => turn(goOn(paging.value)),
  }
  return { ...page, q, paging, pager, search, load }
}

export function useSubject(id: Ref<string>) {
  const subject = useLoad(() => ledger.subject(id.value))
  watch(id, subject.load, { immediate: true })
  return subject
}
