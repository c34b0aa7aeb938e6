import { deadlineOf, type Dated, type Deadline } from '@gridward/engine'
import { useI18n } from '@gridward/kit/i18n'
import { useNow } from '../../site/use/now'
import { useSession } from '../../site/use/session'

/** Words and tone of a deadline, in working time of the jurisdiction, as of the page's clock. */
export function useDue() {
  const now = useNow()
  const { calendar } = useSession()
  const { short } = useI18n()
  return (dated: Dated): Deadline => deadlineOf(dated, now.value, calendar.value, short.value)
}
