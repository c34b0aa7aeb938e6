import { watch, type Ref } from 'vue'
import { cases } from '@gridward/kit/api'
import { useLoad } from '../../site/use/load'

/** One case with its journal. What is shown stays until the other case has arrived, so that j and k do not flicker. */
export function useCase(id: Ref<string>) {
  const detail = useLoad((signal) => cases.one(id.value, signal))
  const journal = useLoad(async (signal) => (await cases.journal(id.value, signal)).items)

  async function load(): Promise<void> {
    await Promise.all([detail.load(), journal.load()])
  }

  watch(id, load, { immediate: true })
  return { detail, journal, load }
}
