import { computed, ref, shallowRef } from 'vue'
import cases from './zh-Hans/cases.json'
import grids from './zh-Hans/grids.json'
import ledger from './zh-Hans/ledger.json'
import site from './zh-Hans/site.json'

const chinese = { ...site, ...cases, ...grids, ...ledger }

export type Key = keyof typeof chinese
export type Locale = 'zh-Hans' | 'en'
type Words = Record<Key, string>

const locale = ref<Locale>('zh-Hans')
const words = shallowRef<Words>(chinese)
const short = computed(() => (locale.value === 'en' ? ('en' as const) : ('zh' as const)))

async function load(to: Locale): Promise<Words> {
  return to === 'en' ? ((await import('./en')).default as Words) : chinese
}

/** Switches the language; English comes as a file of its own, so that Chinese pages do not carry it. */
export async function speak(to: Locale): Promise<void> {
  words.value = await load(to)
  locale.value = to
  document.documentElement.lang = to
}

/** The sentence of a key with {name} parts filled in. */
export function t(key: Key, parts: Record<string, string | number> = {}): string {
  return words.value[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(parts[name] ?? whole))
}

/** The sentence of a key made from a code; what the language files do not know is shown as it came. */
export function tCode(prefix: string, code: string): string {
  return (words.value as Record<string, string>)[`${prefix}.${code}`] ?? code
}

export function useI18n() {
  return { t, tCode, locale, short, speak }
}
