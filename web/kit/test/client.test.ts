import { expect, test } from 'vitest'
import { ProblemError } from '@gridward/engine'
import { answer, surround } from '../api/client'

const response = (status: number) => new Response(status === 204 ? null : '{}', { status })

test('a successful answer is its body', async () => {
  const asked = Promise.resolve({ data: { items: [1] }, response: response(200) })
  expect(await answer(asked)).toEqual({ items: [1] })
})

test('a refusal is thrown with its sentence and its fields', async () => {
  const error = { code: 'GW-CASES-003', detail: '请补充', errors: [{ field: 'reason', code: 'x', sentence: '必须填写' }] }
  const asked = answer(Promise.resolve({ error, response: response(422) }))
  await expect(asked).rejects.toMatchObject({ problem: { status: 422, detail: '请补充', fields: { reason: '必须填写' } } })
})

test('no answer at all is a problem with status 0; a request that was cut stays what it is', async () => {
  await expect(answer(Promise.reject(new TypeError('Failed to fetch')))).rejects.toMatchObject({ problem: { status: 0 } })
  const cut = new DOMException('cut', 'AbortError')
  await expect(answer(Promise.reject(cut))).rejects.toBe(cut)
})

test('a session that has ended is told once per answer', async () => {
  let told = 0
  surround({ onSignedOut: () => (told += 1) })
  await expect(answer(Promise.resolve({ error: {}, response: response(401) }))).rejects.toBeInstanceOf(ProblemError)
  await expect(answer(Promise.resolve({ error: {}, response: response(403) }))).rejects.toBeInstanceOf(ProblemError)
  expect(told).toBe(1)
})
