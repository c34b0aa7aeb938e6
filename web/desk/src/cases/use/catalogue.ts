import { computed, shallowRef, watch } from 'vue'
import { catalogue, type Category, type Unit } from '@gridward/kit/api'
import { useI18n } from '@gridward/kit/i18n'

const units = shallowRef<Unit[]>([])
const categories = shallowRef<Category[]>([])

watch(useI18n().locale, () => (categories.value = []), { flush: 'sync' })

async function ensureUnits(): Promise<void> {
  if (units.value.length === 0) units.value = (await catalogue.units()).items
}

async function ensureCategories(): Promise<void> {
  if (categories.value.length === 0) categories.value = (await catalogue.categories()).items
}

const groups = computed(() => {
  const byKind = new Map<string, Category[]>()
  for (const each of categories.value) {
    const kind = each.kind || each.dictionary
    byKind.set(kind, [...(byKind.get(kind) ?? []), each])
  }
  return [...byKind].map(([kind, items]) => ({ kind, items }))
})

/** Units and categories: they change with a pack and are asked for once. Selects that cannot load stay empty. */
export function useCatalogue() {
  return { units, categories, groups, ensureUnits, ensureCategories }
}
