import { expect, test } from 'vitest'
// @ts-expect-error the rules are plain JavaScript, run by node without a build
import * as rules from '../rules.mjs'

const file = (path: string, text: string) => ({ path, text })

test('an engine that imports a framework is named', () => {
  const clean = file('engine/src/a.ts', "import { b } from './b'\nexport * from './c'")
  const planted = file('engine/src/d.ts', "import { ref } from 'vue'")
  const reaching = file('engine/src/e.ts', "import type { X } from '../../kit/api'")
  expect(rules.checkEngine([clean, planted, reaching])).toEqual([
    'engine/src/d.ts: the engine may not import vue; it imports only its own files',
    'engine/src/e.ts: the engine may not import ../../kit/api; it imports only its own files',
  ])
})

test('a long component and a high median are named', () => {
  const lines = (n: number) => Array(n).fill('x').join('\n')
  expect(rules.checkSizes([file('a.vue', lines(250)), file('b.vue', lines(10)), file('c.vue', lines(9))])).toEqual([])
  expect(rules.checkSizes([file('a.vue', lines(251)), file('b.vue', lines(61)), file('c.vue', lines(9))])).toEqual([
    'a.vue: longer than 250 lines; take a part or a composable out of it',
    'components: the median is 61 lines, at most 60',
  ])
})

test('a component that calls the network or the client is named, one that takes a type is not', () => {
  const script = (text: string) => `<script setup lang="ts">\n${text}\n</script>`
  const files = [
    file('a.vue', script("import type { Me } from '@gridward/kit/api'")),
    file('b.vue', script("import { cases } from '@gridward/kit/api'")),
    file('c.vue', script("await fetch('/api')")),
    file('d.vue', '<script>export default {}</script>'),
  ]
  expect(rules.checkComponents(files).map((each: string) => each.slice(0, 5))).toEqual(['b.vue', 'c.vue', 'd.vue'])
  expect(rules.checkFetch([file('kit/api/x.ts', 'fetch(1)'), file('desk/src/use/x.ts', 'fetch(1)')])).toEqual([
    'desk/src/use/x.ts: only kit/api talks to the network',
  ])
})

test('a sentence missing in one language, with other parts, or unused is named', () => {
  const zh = { 'a.b': '{n} 件', 'a.c': '无', 'a.d': '空', 's.x': '甲' }
  const en = { 'a.b': 'none', 'a.d': 'empty', 's.x': 'A', 'a.e': 'more' }
  const code = [file('x.vue', "t('a.b') t('a.c') tCode('s', code)")]
  expect(rules.checkWords(zh, en, code)).toEqual([
    'en: a.b has other parts than the Chinese',
    'en: a.c is missing',
    'zh-Hans: a.d is used nowhere',
    'zh-Hans: a.e is missing',
  ])
})

test('a lock file with addresses and a colour outside the tokens are named', () => {
  expect(rules.checkLock('{"version": "1"}')).toEqual([])
  expect(rules.checkLock('{"resolved": "https://example.org/a.tgz"}')).toHaveLength(1)
  expect(rules.checkColours([file('style/tokens.css', '#1f5fbf'), file('a.vue', '<style>a{color:#f00}</style>')])).toEqual([
    'a.vue: #f00 belongs into tokens.css',
  ])
})
