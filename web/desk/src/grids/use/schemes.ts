import { shallowRef, watch } from 'vue'
import { grids, type Scheme } from '@gridward/kit/api'
import { useI18n } from '@gridward/kit/i18n'

const schemes = shallowRef<Scheme[]>([])
let asked: Promise<Scheme[]> | null = null

watch(useI18n().locale, () => (schemes.value = []), { flush: 'sync' })

async function ask(): Promise<Scheme[]> {
  try {
    schemes.value = (await grids.schemes()).items
  } finally {
    asked = null
  }
  return schemes.value
}

/** The grid schemes; they change with a pack, not during a day, and are asked for once. */
export function useSchemes() {
  const ensure = () => (schemes.value.length ? Promise.resolve(schemes.value) : (asked ??= ask()))
  return { schemes, ensure }
}
