import { computed, ref } from 'vue'
import {
  checkValues,
  dataOf,
  isTouched,
  isUncertain,
  mergeValues,
  problemFrom,
  withPhotos,
  type Fault,
  type Need,
  type Problem,
  type Values,
} from '@gridward/engine'
import { cases, type CaseDetail } from '@gridward/kit/api'
import { useI18n } from '@gridward/kit/i18n'
import { hasDraft, useDraft } from '../../site/use/draft'

export const moveKey = (caseId: string, move: string) => `move.${caseId}.${move}`
export const hasMoveDraft = (caseId: string, move: string) => hasDraft(moveKey(caseId, move))

/** The form of one move on one case: what was typed, what is wrong with it, and sending it exactly once. */
export function useMove(detail: () => CaseDetail, name: string) {
  const { t } = useI18n()
  const move = computed(() => detail().moves.find((each) => each.move === name) ?? null)
  const needs = computed<readonly Need[]>(() => withPhotos(move.value?.needs ?? [], t('cases.photo.label')))
  const key = moveKey(detail().id, name)
  const draft = useDraft<Values>(key, mergeValues(needs.value, {}), (values) => isTouched(needs.value, values))
  draft.value.value = mergeValues(needs.value, draft.value.value)

  const tried = ref(false)
  const busy = ref(false)
  const problem = ref<Problem | null>(null)
  const faults = computed<Record<string, Fault>>(() =>
    tried.value ? checkValues(needs.value, draft.value.value, Date.now()) : {},
  )

  async function send(): Promise<boolean> {
    tried.value = true
    if (busy.value || Object.keys(faults.value).length > 0) return false
    const body = { move: name, expected_seq: detail().seq, data: dataOf(needs.value, draft.value.value) }
    busy.value = true
    problem.value = null
    try {
      await cases.move(detail().id, { id: draft.idOf(JSON.stringify(body)), ...body })
      draft.done()
      return true
    } catch (error) {
      problem.value = problemFrom(error)
      return false
    } finally {
      busy.value = false
    }
  }

  const uncertain = computed(() => problem.value !== null && isUncertain(problem.value))
  return { move, needs, values: draft.value, restored: draft.restored, faults, busy, problem, uncertain, send }
}
