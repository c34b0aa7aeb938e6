import { expect, test } from 'vitest'
import { nextTick, ref } from 'vue'
import type { CaseRow } from '@gridward/kit/api'
import { useWalk } from '../src/cases/use/walk'

const rows = (...ids: string[]) => ids.map((id) => ({ id }) as CaseRow)

test('j and k walk to the ends and stay there', () => {
  const { picked, walk } = useWalk(ref(rows('a', 'b', 'c')), ref(null))
  expect([walk(1), walk(1), walk(1), walk(1), walk(-1)]).toEqual(['a', 'b', 'c', 'c', 'b'])
  expect(picked.value).toBe('b')
})

test('when the picked case has left the list the next key leads to the one that took its place', async () => {
  const list = ref(rows('a', 'b', 'c'))
  const opened = ref<string | null>('b')
  const { walk } = useWalk(list, opened)
  await nextTick()
  list.value = rows('a', 'c')
  await nextTick()
  expect(walk(1)).toBe('c')
})

test('going back from a case that has left leads to the one before it', async () => {
  const list = ref(rows('a', 'b', 'c'))
  const { walk } = useWalk(list, ref<string | null>('b'))
  await nextTick()
  list.value = rows('a', 'c')
  await nextTick()
  expect(walk(-1)).toBe('a')
})

test('an empty list has nowhere to go', () => {
  expect(useWalk(ref(rows()), ref(null)).walk(1)).toBe(null)
})
