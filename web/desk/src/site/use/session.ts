import { computed, ref } from 'vue'
import { session as calls, type Me } from '@gridward/kit/api'
import { PLAIN_CALENDAR, calendarOf, problemFrom, type Problem, type WorkCalendar } from '@gridward/engine'

const me = ref<Me | null>(null)
let asked: Promise<boolean> | null = null

async function ask(): Promise<boolean> {
  try {
    me.value = await calls.who()
    return true
  } catch (error) {
    // A server that cannot be reached is not a log-out: the page itself will say what is wrong.
    return problemFrom(error).status !== 401
  }
}

/** Asks once who is working here; a second page in the same moment waits for the same answer. */
function ensure(): Promise<boolean> {
  if (me.value) return Promise.resolve(true)
  asked ??= ask().finally(() => (asked = null))
  return asked
}

/** True when somebody was logged in until now. */
export function forget(): boolean {
  const ended = me.value !== null
  me.value = null
  return ended
}

async function signIn(login: string, password: string): Promise<Problem | null> {
  try {
    me.value = await calls.open(login, password)
    return null
  } catch (error) {
    return problemFrom(error)
  }
}

async function signOut(): Promise<void> {
  try {
    await calls.close()
  } finally {
    forget()
  }
}

const calendar = computed<WorkCalendar>(() => {
  const here = me.value?.jurisdiction
  return here ? calendarOf(here.timezone, here.calendar) : PLAIN_CALENDAR
})

const can = (permission: string) => me.value?.permissions.includes(permission) ?? false

export function useSession() {
  return { me, calendar, can, ensure, signIn, signOut }
}
