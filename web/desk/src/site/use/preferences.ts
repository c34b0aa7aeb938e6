import { ref, watch } from 'vue'
import { speak, useI18n, type Locale } from '@gridward/kit/i18n'

export type Theme = 'auto' | 'light' | 'dark'

const LANGUAGE = 'gridward.language'
const THEME = 'gridward.theme'
const NAV = 'gridward.nav'

const theme = ref<Theme>('auto')
const narrow = ref(false)
/** Counts changes of colours, so that drawn maps know when to draw again. */
const painted = ref(0)
const dark = matchMedia('(prefers-color-scheme: dark)')

function read(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    /* a browser that keeps nothing still works, it only forgets the choice */
  }
}

function paint(): void {
  const isDark = theme.value === 'dark' || (theme.value === 'auto' && dark.matches)
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light'
  painted.value += 1
}

function fold(): void {
  document.documentElement.dataset.nav = narrow.value ? 'narrow' : 'wide'
}

/** The language sentences from the server should have. */
export function spoken(): string {
  return useI18n().locale.value
}

async function choose(locale: Locale): Promise<void> {
  keep(LANGUAGE, locale)
  await speak(locale)
}

/** Reads what was chosen before; called once before the first page is drawn. */
export async function startPreferences(): Promise<void> {
  const kept = read(THEME)
  if (kept === 'light' || kept === 'dark') theme.value = kept
  narrow.value = read(NAV) === 'narrow'
  paint()
  fold()
  dark.addEventListener('change', paint)
  watch(theme, (to) => (keep(THEME, to), paint()))
  watch(narrow, (to) => (keep(NAV, to ? 'narrow' : 'wide'), fold()))
  await speak(read(LANGUAGE) === 'en' ? 'en' : 'zh-Hans')
}

export function usePreferences() {
  return { theme, narrow, painted, choose }
}
