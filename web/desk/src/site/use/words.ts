import { computed } from 'vue'
import { instant, wordDay, wordInstant, type Problem } from '@gridward/engine'
import { useI18n } from '@gridward/kit/i18n'
import { useNow } from './now'
import { useSession } from './session'

/** Instants and days in the jurisdiction's time zone and the desk's language. */
export function useDates() {
  const now = useNow()
  const { calendar } = useSession()
  const { short } = useI18n()
  const zone = computed(() => calendar.value.zone)
  const when = (text: string | null | undefined) => {
    const at = instant(text)
    return at === null ? '' : wordInstant(at, now.value, zone.value, short.value)
  }
  const day = (text: string | null | undefined) => {
    const at = instant(text)
    return at === null ? '' : wordDay(at, now.value, zone.value)
  }
  return { when, day }
}

/** What a page says about a problem: the server's sentence, or one of ours that says what to do next. */
export function useProblemWords() {
  const { t } = useI18n()
  return (problem: Problem): string => {
    if (problem.detail) return problem.detail
    if (problem.status === 0) return t('site.error.unreachable')
    if (problem.status === 403) return t('site.error.forbidden')
    if (problem.status === 404) return t('site.error.missing')
    if (problem.status === 429) return t('site.error.busy')
    return t('site.error.server', { code: problem.code })
  }
}

export function useLabel() {
  const { short } = useI18n()
  return (label: { zh: string; en: string }) => label[short.value] || label.zh
}
