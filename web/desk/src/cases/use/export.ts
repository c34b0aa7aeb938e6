import { ref } from 'vue'
import { localDate, problemFrom } from '@gridward/engine'
import { cases, type CaseQuery } from '@gridward/kit/api'
import { useI18n } from '@gridward/kit/i18n'
import { useNotice } from '../../site/use/notice'
import { useSession } from '../../site/use/session'
import { useProblemWords } from '../../site/use/words'

function keep(file: Blob, name: string): void {
  const address = URL.createObjectURL(file)
  const link = Object.assign(document.createElement('a'), { href: address, download: name })
  link.click()
  // Some browsers begin to read only after the click is over.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}

/** Saves the list as it is filtered now as a file; the server journals who took it. */
export function useExport(wanted: () => CaseQuery) {
  const busy = ref(false)
  const { t } = useI18n()
  const { say } = useNotice()
  const { calendar } = useSession()
  const words = useProblemWords()

  async function save(): Promise<void> {
    busy.value = true
    try {
      const name = `cases-${localDate(Date.now(), calendar.value.zone)}.csv`
      keep(await cases.file(wanted()), name)
      say(t('cases.export.done', { name }))
    } catch (error) {
      say(words(problemFrom(error)))
    } finally {
      busy.value = false
    }
  }
  return { busy, save }
}
