/** What a move asks for, how the form checks it, and which key starts it. */
export interface Need {
  field: string
  /** The server's word for the field. */
  label: string
  /** text, unit, instant, choice, photo, row or bool; a type that is not known yet is asked for as text. */
  type: string
  required: boolean
  choices?: readonly { id: string; label: string }[] | null
}

export interface Move {
  move: string
  label: string
  allowed: boolean
  reason: string | null
  needs: readonly Need[]
}

export type Value = string | boolean | string[] | null
export type Values = Record<string, Value>

/** Why a field does not pass; the words are in the language files (move.missing.*). */
export type Fault = 'missing' | 'past' | 'unreadable'

const EMPTY: Record<string, Value> = {
  unit: null,
  instant: null,
  choice: null,
  photo: [],
  row: null,
  bool: false,
}

// A required yes or no is a question: neither answer is made for the person.
const emptyOf = ({ type, required }: Need): Value => {
  const value = type === 'bool' && required ? null : (EMPTY[type] ?? (type in EMPTY ? null : ''))
  return Array.isArray(value) ? [...value] : value
}

/** Empty values for a form; a required choice with one possibility is already made. */
export function startValues(needs: readonly Need[]): Values {
  const values: Values = {}
  for (const need of needs) {
    const only = need.required && need.choices?.length === 1 ? need.choices[0] : undefined
    values[need.field] = only ? only.id : emptyOf(need)
  }
  return values
}

/** Kept values into a form that may have changed since: unknown fields are dropped, new ones are empty. */
export function mergeValues(needs: readonly Need[], kept: Values): Values {
  const start = startValues(needs)
  for (const field of Object.keys(start)) {
    const value = kept[field]
    if (value !== undefined && value !== null) start[field] = value
  }
  return start
}

function isEmpty(value: Value | undefined): boolean {
  if (value === undefined || value === null) return true
  return Array.isArray(value) ? value.length === 0 : typeof value === 'string' && value.trim() === ''
}

function faultOf(need: Need, value: Value | undefined, now: number): Fault | null {
  if (isEmpty(value)) return need.required ? 'missing' : null
  if (need.type === 'instant') {
    const at = Date.parse(String(value))
    if (Number.isNaN(at)) return 'unreadable'
    if (at <= now) return 'past'
  }
  const foreign = need.type === 'choice' && need.choices && !need.choices.some((each) => each.id === value)
  return foreign ? 'missing' : null
}

/** Faults by field; empty when the move may be sent. The server checks again and has the last word. */
export function checkValues(needs: readonly Need[], values: Values, now: number): Record<string, Fault> {
  const faults: Record<string, Fault> = {}
  for (const need of needs) {
    const fault = faultOf(need, values[need.field], now)
    if (fault) faults[need.field] = fault
  }
  return faults
}

/** The data to send: what is empty stays out, text is trimmed, instants become RFC 3339. */
export function dataOf(needs: readonly Need[], values: Values): Record<string, unknown> {
  const data: Record<string, unknown> = {}
  for (const need of needs) {
    const value = values[need.field]
    if (isEmpty(value)) continue
    if (typeof value === 'string' && need.type !== 'instant') data[need.field] = String(value).trim()
    else if (need.type === 'instant') data[need.field] = new Date(String(value)).toISOString().replace('.000', '')
    else data[need.field] = value
  }
  return data
}

/** Is there anything in the form that a person would be sorry to lose? */
export function isTouched(needs: readonly Need[], values: Values): boolean {
  const start = startValues(needs)
  return needs.some((need) => {
    const value = values[need.field]
    return !isEmpty(value) && JSON.stringify(value) !== JSON.stringify(start[need.field])
  })
}

const LETTERS: Record<string, string> = {
  pre_filing_check: 'q',
  file: 'f',
  decline: 'd',
  void: 'v',
  merge: 'm',
  settle_on_site: 'o',
  assign: 'a',
  sign: 's',
  return: 'b',
  transfer: 't',
  hand_in: 'h',
  post_handling_check: 'p',
  close: 'c',
  evaluate: 'g',
  reopen: 'u',
  suspend: 'w',
  resume: 'x',
}

/** The letter that starts a move. Letters of lists (j k e n) are never used; a move has the same one everywhere. */
export function letterOf(move: string): string | null {
  return LETTERS[move] ?? null
}

export function moveForLetter(moves: readonly Move[], letter: string): Move | null {
  return moves.find((each) => each.allowed && letterOf(each.move) === letter) ?? null
}

const FORWARD = ['file', 'assign', 'sign', 'hand_in', 'post_handling_check', 'close', 'evaluate', 'resume']
const GRAVE = ['void', 'decline']

/** Allowed first in the order of work, then what is not possible now; grave ones last of their group. */
export function orderMoves<M extends Move>(moves: readonly M[]): M[] {
  const rank = (each: M) => {
    if (GRAVE.includes(each.move)) return 90
    const index = FORWARD.indexOf(each.move)
    return index < 0 ? 50 : index
  }
  return [...moves].sort((a, b) => Number(b.allowed) - Number(a.allowed) || rank(a) - rank(b))
}

/** The one move shown as the primary button: the next step forward, if it may be done. */
export function primaryMove(moves: readonly Move[]): string | null {
  return orderMoves(moves).find((each) => each.allowed && FORWARD.includes(each.move))?.move ?? null
}

export function isGrave(move: string): boolean {
  return GRAVE.includes(move)
}
