import { ref } from 'vue'
import { problemFrom, type Problem } from '@gridward/engine'
import { session } from '@gridward/kit/api'
import { useLoad } from './load'

/** Where the person is logged in, and the verb that ends one of these. */
export function useSessionList() {
  const list = useLoad(async () => (await session.list()).items)
  const failed = ref<Problem | null>(null)

  async function end(id: string): Promise<void> {
    failed.value = null
    try {
      await session.end(id)
    } catch (error) {
      failed.value = problemFrom(error)
    }
    await list.load()
  }

  return { ...list, end, failed }
}
