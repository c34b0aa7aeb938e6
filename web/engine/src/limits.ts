import type { Language } from './duration'

const plural = (n: string, unit: string) => `${n} ${unit}${n === '1' ? '' : 's'}`

const UNITS: Record<string, Record<Language, (n: string) => string>> = {
  natural_hour: { zh: (n) => `${n} 小时`, en: (n) => plural(n, 'hour') },
  natural_day: { zh: (n) => `${n} 天`, en: (n) => plural(n, 'day') },
  working_hour: { zh: (n) => `${n} 个工作时`, en: (n) => plural(n, 'working hour') },
  working_day: { zh: (n) => `${n} 个工作日`, en: (n) => plural(n, 'working day') },
}

/** "5 working_days" as a clerk says it; what cannot be read is shown as it came. */
export function wordLimit(limit: string | null | undefined, language: Language): string {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z_]+?)s?\s*$/.exec(limit ?? '')
  const words = match && UNITS[match[2]!]
  return words ? words[language](match[1]!) : (limit ?? '')
}
