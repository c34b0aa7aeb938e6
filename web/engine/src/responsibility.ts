export interface Responsible {
  who: readonly string[]
  where: string | null
  until: string | null
}

/** 谁 · 哪格: at most two names, then how many more. Empty parts are left to the page, which says that nobody is. */
export function wordWho(responsible: Responsible | null | undefined, limit = 2): string {
  const names = responsible?.who ?? []
  const shown = names.slice(0, limit).join('、')
  return names.length > limit ? `${shown} +${names.length - limit}` : shown
}

/** 20260901-city.stall-0002 in two parts, so that a narrow column cuts the middle and keeps the serial. */
export function splitNumber(number: string): [string, string] {
  const at = number.lastIndexOf('-')
  return at > 0 ? [number.slice(0, at), number.slice(at)] : [number, '']
}

/** True when it is nobody's move: a gap that must be seen. */
export function isNobody(responsible: Responsible | null | undefined): boolean {
  return !responsible || responsible.who.length === 0
}
