import { ref, shallowRef, watch, type Ref } from 'vue'
import { widened, type Box } from '@gridward/engine'
import { grids, type AreaDetail, type AreaRow } from '@gridward/kit/api'
import { useLoad } from '../../site/use/load'
import { useSchemes } from './schemes'

const names = new Map<string, string>()

/** The name of an area of which only the id is known; null until it came, and when it cannot be seen. */
export function useAreaName() {
  const name = ref<string | null>(null)
  let wanted: string | null = null

  async function find(id: string | null): Promise<void> {
    wanted = id
    name.value = id ? (names.get(id) ?? null) : null
    if (!id || name.value) return
    try {
      const found = (await grids.one(id)).name
      names.set(id, found)
      if (wanted === id) name.value = found
    } catch {
      if (wanted === id) name.value = id
    }
  }
  return { name, find }
}

const boxes = new Map<string, Box>()

/** The neighbours of an area carry the boxes: one short list tells them all. */
async function askBox(id: string): Promise<Box | null> {
  const { scheme, level, ancestors } = await grids.one(id)
  const parent = ancestors.at(-1)?.id
  const { items } = await grids.areas(parent ? { scheme, parent } : { scheme, level })
  for (const each of items) if (each.bbox) boxes.set(each.id, each.bbox as Box)
  return boxes.get(id) ?? null
}

/** What a map shows of an area: the area and a little around it. Null until known, and for areas without outline. */
export function useAreaBox(id: Ref<string | null>, around = 0) {
  const box = shallowRef<Box | null>(null)

  async function find(wanted: string | null): Promise<void> {
    const found = wanted ? (boxes.get(wanted) ?? (await askBox(wanted).catch(() => null))) : null
    if (wanted === id.value) box.value = found && widened(found, around)
  }
  watch(id, find, { immediate: true })
  return box
}

export type AreaNode = AreaRow & { leaf: boolean }

/** Children for a tree that is opened step by step; the top are the areas of the scheme's first level. */
export function useAreaTree() {
  const { schemes, ensure } = useSchemes()
  const scheme = shallowRef<string | null>(null)

  async function children(parent: string | null): Promise<AreaNode[]> {
    await ensure()
    const chosen = schemes.value.find((each) => each.code === scheme.value) ?? schemes.value[0]
    if (!chosen) return []
    const levels = [...chosen.levels].sort((a, b) => a.rank - b.rank)
    const query = parent ? { scheme: chosen.code, parent } : { scheme: chosen.code, level: levels[0]?.code }
    const { items } = await grids.areas(query)
    for (const each of items) names.set(each.id, each.name)
    return items.map((each) => ({ ...each, leaf: each.level === levels.at(-1)?.code }))
  }
  return { schemes, scheme, ensure, children }
}

/** One area with its people and its past. */
export function useAreaDetail() {
  const id = ref<string | null>(null)
  const load = useLoad<AreaDetail>(() => grids.one(id.value ?? ''))

  function show(to: string | null): void {
    id.value = to
    load.clear()
    if (to) void load.load()
  }
  return { ...load, id, show }
}
