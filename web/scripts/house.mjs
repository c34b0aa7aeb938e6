import { readFileSync, readdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join, relative } from 'node:path'
import * as rules from './rules.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

function walk(folder) {
  return readdirSync(join(root, folder)).flatMap((name) => {
    if (name === 'node_modules' || name === 'dist') return []
    const path = join(folder, name)
    return statSync(join(root, path)).isDirectory() ? walk(path) : [path]
  })
}

const read = (paths) => paths.map((path) => ({ path: relative('.', path), text: readFileSync(join(root, path), 'utf8') }))
const words = (language) =>
  Object.assign({}, ...read(walk(`kit/i18n/${language}`)).filter(({ path }) => path.endsWith('.json')).map(({ text }) => JSON.parse(text)))

const code = read([...walk('engine/src'), ...walk('kit'), ...walk('desk/src')]).filter(({ path }) => /\.(ts|vue|css)$/.test(path))
const components = code.filter(({ path }) => path.endsWith('.vue'))

const complaints = [
  ...rules.checkEngine(code.filter(({ path }) => path.startsWith('engine/'))),
  ...rules.checkSizes(components),
  ...rules.checkComponents(components),
  ...rules.checkFetch(code),
  ...rules.checkWords(words('zh-Hans'), words('en'), code),
  ...rules.checkLock(readFileSync(join(root, 'package-lock.json'), 'utf8')),
  ...rules.checkColours(code.filter(({ path }) => /\.(vue|css)$/.test(path))),
]
for (const each of complaints) console.error(each)
console.log(`web house: ${code.length} files, ${components.length} components, ${complaints.length} complaints`)
process.exit(complaints.length > 0 ? 1 : 0)
