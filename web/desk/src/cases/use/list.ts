import { computed, onScopeDispose, ref, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import {
  FIRST_PAGE,
  arrived,
  closedPeriod,
  dayNumberOf,
  filterFromQuery,
  goBack,
  goOn,
  instantOf,
  queryFromFilter,
  type CaseFilter,
  type Paging,
  type View,
} from '@gridward/engine'
import { cases, type CaseQuery } from '@gridward/kit/api'
import { useLoad } from '../../site/use/load'
import { useNow } from '../../site/use/now'
import { useSession } from '../../site/use/session'

const PAGE = 50
const STALE_MS = 60_000

/** The list that the address asks for: filter, page and rows. */
export function useCaseList() {
  const route = useRoute()
  const router = useRouter()
  const now = useNow()
  const { calendar } = useSession()
  const filter = computed(() => filterFromQuery(route.query))
  const after = computed(() => (typeof route.query.after === 'string' ? route.query.after : null))
  const paging = ref<Paging>({ ...FIRST_PAGE, after: after.value })

  // Days of the form are days of the jurisdiction: the first from its midnight on, the last to its end.
  const edge = (date: string, end: 0 | 1) => {
    const day = dayNumberOf(date)
    return day === null ? undefined : new Date(instantOf(day + end, 0, calendar.value.zone)).toISOString()
  }

  function viewQuery(chosen: CaseFilter): CaseQuery {
    if (chosen.view === 'inbox') return { inbox: true }
    if (chosen.view === 'late') return { open: true, due_before: new Date(now.value).toISOString() }
    if (chosen.view === 'open') return { open: true, due_before: edge(chosen.dueBefore ?? '', 1) }
    const { from, to } = closedPeriod(chosen, now.value, calendar.value.zone)
    return { open: false, closed_from: edge(from, 0), closed_to: edge(to, 1), order: '-created' }
  }

  /** What is wanted, without the page: also what an export holds. */
  function wanted(): CaseQuery {
    const chosen = filter.value
    return {
      order: 'next_due',
      ...viewQuery(chosen),
      q: chosen.q || undefined,
      stage: chosen.stage ?? undefined,
      category: chosen.category ?? undefined,
      area: chosen.area ?? undefined,
      unit: chosen.unit ?? undefined,
    }
  }

  const query = (): CaseQuery => ({ ...wanted(), limit: PAGE, after: after.value ?? undefined })

  const page = useLoad((signal) => cases.list(query(), signal))
  let loadedAt = 0

  async function load(): Promise<void> {
    await page.load()
    loadedAt = Date.now()
    const got = page.data.value
    if (got) paging.value = arrived(paging.value, got.next, got.previous)
  }

  // A step with the browser's own buttons is followed on the trail.
  watch(after, (key) => {
    if (key === paging.value.after) return
    const at = paging.value.trail.indexOf(key)
    paging.value = { ...FIRST_PAGE, after: key, trail: at < 0 ? [] : paging.value.trail.slice(0, at) }
  })
  const key = computed(() => JSON.stringify([queryFromFilter(filter.value), after.value]))
  watch(key, load, { immediate: true })

  function turn(to: Paging): void {
    paging.value = to
    const rest = { ...route.query }
    delete rest.after
    void router.push({ query: to.after ? { ...rest, after: to.after } : rest })
  }

  // Another view is another list: the drawer belongs to the one it was opened from.
  function show(view: View): void {
    void router.push({ query: queryFromFilter({ ...filter.value, view }) })
  }

  function choose(change: Partial<CaseFilter>): void {
    const open = typeof route.query.case === 'string' ? { case: route.query.case } : {}
    void router.push({ query: { ...queryFromFilter({ ...filter.value, ...change }), ...open } })
  }

  // Coming back to the window after a while shows what others did meanwhile.
  const freshen = () => void (Date.now() - loadedAt > STALE_MS && load())
  window.addEventListener('focus', freshen)
  onScopeDispose(() => window.removeEventListener('focus', freshen))

  const rows = computed(() => page.data.value?.items ?? [])
  const total = computed(() => page.data.value?.total ?? null)
  const pager = {
    first: () => turn(FIRST_PAGE),
    previous: () => turn(goBack(paging.value)),
    next: () => turn(goOn(paging.value)),
  }
  return { filter, choose, show, rows, total, paging, pager, load, wanted, ...pick(page) }
}

function pick<T>(page: ReturnType<typeof useLoad<T>>) {
  return { state: page.state, problem: page.problem, loading: page.loading }
}
