/**
 * The rules of the web house, as functions from texts to complaints, so that a test can plant a fault in each.
 * A file is {path, text}; a complaint is one sentence with the path in front.
 */

const MAX_LINES = 250
const MEDIAN_LINES = 60

/** The engine decides and knows no framework, no page and no network: it imports only itself. */
export function checkEngine(files) {
  const imports = /^(?:import|export)\b[^'"\n]*(?:\n[^'"\n]*)*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]/gm
  return files.flatMap(({ path, text }) =>
    [...text.matchAll(imports)]
      .map(([, named, asked]) => named ?? asked)
      .filter((name) => !name.startsWith('./'))
      .map((name) => `${path}: the engine may not import ${name}; it imports only its own files`),
  )
}

export function checkSizes(files) {
  const sizes = files.map(({ text }) => text.trimEnd().split('\n').length).sort((a, b) => a - b)
  const median = sizes[Math.floor(sizes.length / 2)] ?? 0
  const long = files
    .filter(({ text }) => text.trimEnd().split('\n').length > MAX_LINES)
    .map(({ path }) => `${path}: longer than ${MAX_LINES} lines; take a part or a composable out of it`)
  return median > MEDIAN_LINES ? [...long, `components: the median is ${median} lines, at most ${MEDIAN_LINES}`] : long
}

/** A component shows: it neither calls the network nor the typed client; composables in use/ do. */
export function checkComponents(files) {
  return files.flatMap(({ path, text }) => {
    const found = []
    if (/\bfetch\s*\(|XMLHttpRequest|EventSource/.test(text)) found.push(`${path}: a component does not call the network`)
    if (/^import\s+(?!type\b)[^'"]*['"]@gridward\/kit\/api['"]/m.test(text))
      found.push(`${path}: only types may come from kit/api; put the call into use/`)
    if (!/<script setup lang="ts">/.test(text) && /<script/.test(text)) found.push(`${path}: write <script setup lang="ts">`)
    return found
  })
}

/** The pages' own network calls all go through kit/api. */
export function checkFetch(files) {
  return files
    .filter(({ path, text }) => !path.startsWith('kit/api/') && /\bfetch\s*\(/.test(text))
    .map(({ path }) => `${path}: only kit/api talks to the network`)
}

/** Both languages say the same things with the same parts, and nothing is said that nobody asks for. */
export function checkWords(chinese, english, files) {
  const parts = (sentence) => [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort().join()
  const all = files.map(({ text }) => text).join('\n')
  const prefixes = [...all.matchAll(/tCode\(\s*'([\w.]+)'/g)].map(([, prefix]) => `${prefix}.`)
  const made = [...all.matchAll(/t\(\s*`([\w.]+)\$\{/g)].map(([, prefix]) => prefix)
  const isUsed = (key) =>
    all.includes(`'${key}'`) || [...prefixes, ...made].some((prefix) => key.startsWith(prefix))
  const complaints = []
  for (const key of Object.keys(chinese)) {
    if (!(key in english)) complaints.push(`en: ${key} is missing`)
    else if (parts(chinese[key]) !== parts(english[key])) complaints.push(`en: ${key} has other parts than the Chinese`)
    if (!isUsed(key)) complaints.push(`zh-Hans: ${key} is used nowhere`)
  }
  for (const key of Object.keys(english)) if (!(key in chinese)) complaints.push(`zh-Hans: ${key} is missing`)
  return complaints
}

/** A lock file with download addresses works only where it was made. */
export function checkLock(text) {
  return /"resolved":\s*"https?:/.test(text)
    ? ['package-lock.json: holds download addresses; delete it and install with omit-lockfile-registry-resolved=true']
    : []
}

/** The look has one set of colours: they are written in tokens.css and nowhere else. */
export function checkColours(files) {
  return files
    .filter(({ path }) => !path.endsWith('tokens.css'))
    .flatMap(({ path, text }) => {
      const styles = path.endsWith('.vue') ? (text.match(/<style[\s\S]*?<\/style>/g) ?? []).join('\n') : text
      return [...styles.matchAll(/#[0-9a-f]{3,8}\b/gi)].map(([colour]) => `${path}: ${colour} belongs into tokens.css`)
    })
}
