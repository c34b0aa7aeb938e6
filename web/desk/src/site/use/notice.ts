import { ref } from 'vue'

const notice = ref('')
let timer = 0

/** One quiet line at the foot of the page that says what was just done. */
function say(sentence: string): void {
  notice.value = sentence
  clearTimeout(timer)
  timer = window.setTimeout(() => (notice.value = ''), 5000)
}

export function useNotice() {
  return { notice, say }
}
