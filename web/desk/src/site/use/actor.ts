import { useI18n } from '@gridward/kit/i18n'

const NAMELESS = ['public', 'system']

interface Acted {
  actor: string
  actor_name: string
}

/** Who did it: the public and the system have no name of their own, everybody else is called as they are. */
export function useActor() {
  const { tCode } = useI18n()
  const who = (entry: Acted) => (NAMELESS.includes(entry.actor) ? tCode('cases.actor', entry.actor) : entry.actor_name)
  /** A sentence of the server that begins with the name, with the name in the desk's language. */
  const said = (entry: Acted & { sentence: string }) =>
    entry.sentence.startsWith(entry.actor_name)
      ? who(entry) + entry.sentence.slice(entry.actor_name.length)
      : entry.sentence
  return { who, said }
}
