import { computed } from 'vue'
import { cases } from '@gridward/kit/api'
import { useArea } from '../../site/use/area'
import { useLoad } from '../../site/use/load'

/** The open cases of the chosen area as points, and how many of them are late. */
export function useCasePoints() {
  const { area } = useArea()
  const points = useLoad(() => cases.points(area.value ?? undefined))
  const count = (colour: string) =>
    points.data.value?.features.filter((each) => each.properties.colour === colour).length ?? 0
  const sums = computed(() => {
    const late = count('red')
    const soon = count('yellow')
    return { late, soon, rest: (points.data.value?.features.length ?? 0) - late - soon }
  })
  return { ...points, sums, area }
}
