import { computed, ref, shallowRef } from 'vue'
import { grids, type AreaFeatures } from '@gridward/kit/api'
import { useLoad } from '../../site/use/load'
import { useSchemes } from './schemes'

const kept = new Map<string, AreaFeatures>()

/** The outlines of one level of a scheme. Outlines change with a division, so they are kept for the visit. */
export function useShapes() {
  const { schemes, ensure } = useSchemes()
  const scheme = ref<string | null>(null)
  const level = ref<string | null>(null)
  const levels = computed(() => {
    const chosen = schemes.value.find((each) => each.code === scheme.value) ?? schemes.value[0]
    return [...(chosen?.levels ?? [])].sort((a, b) => a.rank - b.rank)
  })
  const shapes = shallowRef<AreaFeatures | null>(null)

  async function ask(): Promise<AreaFeatures> {
    await ensure()
    scheme.value ??= schemes.value[0]?.code ?? null
    if (!levels.value.some((each) => each.code === level.value)) level.value = levels.value.at(-1)?.code ?? null
    const key = `${scheme.value}/${level.value}`
    const known = kept.get(key)
    if (known) return known
    if (!scheme.value || !level.value) return { type: 'FeatureCollection', features: [] }
    const found = await grids.shapes({ scheme: scheme.value, level: level.value })
    kept.set(key, found)
    return found
  }

  const loading = useLoad(ask)
  async function load(): Promise<void> {
    await loading.load()
    shapes.value = loading.data.value
  }

  function choose(to: string): void {
    level.value = to
    void load()
  }
  return { schemes, scheme, levels, level, shapes, problem: loading.problem, state: loading.state, load, choose }
}
