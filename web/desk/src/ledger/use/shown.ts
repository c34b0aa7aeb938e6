import { useI18n } from '@gridward/kit/i18n'

/** A value of a file as people read it; empty when there is none. */
export function useShown() {
  const { t } = useI18n()
  return (value: unknown): string => {
    if (value === null || value === undefined) return ''
    if (typeof value === 'boolean') return value ? t('ledger.subject.yes') : t('ledger.subject.no')
    if (Array.isArray(value)) return value.join(t('site.comma'))
    return String(value)
  }
}
