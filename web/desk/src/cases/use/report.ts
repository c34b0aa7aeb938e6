import { computed, ref } from 'vue'
import {
  EMPTY_REPORT,
  checkReport,
  isReportTouched,
  problemFrom,
  reportBody,
  type Problem,
  type ReportForm,
} from '@gridward/engine'
import { cases, type CaseAnswer } from '@gridward/kit/api'
import { useDraft } from '../../site/use/draft'

/** The form of a new case. */
export function useReport() {
  const draft = useDraft<ReportForm>('report', { ...EMPTY_REPORT, blobs: [] }, isReportTouched)
  // A draft of an earlier version knows no photos.
  draft.value.value.blobs ??= []
  const tried = ref(false)
  const busy = ref(false)
  const problem = ref<Problem | null>(null)
  const faults = computed(() => (tried.value ? checkReport(draft.value.value, Date.now()) : {}))

  async function send(): Promise<CaseAnswer | null> {
    tried.value = true
    if (busy.value || Object.keys(faults.value).length > 0) return null
    busy.value = true
    problem.value = null
    // "Seen now" is fixed by the first attempt: a repeat must be the same body.
    draft.value.value.observedAt ??= new Date().toISOString()
    const { id: _, ...body } = reportBody('', draft.value.value, Date.now())
    try {
      const made = await cases.report({ id: draft.idOf(JSON.stringify(body)), ...body })
      draft.done()
      return made
    } catch (error) {
      problem.value = problemFrom(error)
      return null
    } finally {
      busy.value = false
    }
  }

  function discard(): void {
    draft.done()
  }

  return { form: draft.value, restored: draft.restored, faults, busy, problem, send, discard }
}
