import { watch } from 'vue'
import { cases } from '@gridward/kit/api'
import { useArea } from '../../site/use/area'
import { useLoad } from '../../site/use/load'

/** The maintained counters of the chosen area; without them the tabs simply carry no numbers. */
export function useCounts() {
  const { area } = useArea()
  const counts = useLoad(() => cases.counts(area.value ?? undefined))
  watch(area, counts.load, { immediate: true })
  return { counts: counts.data, load: counts.load }
}
