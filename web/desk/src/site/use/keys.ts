import { onMounted, onUnmounted } from 'vue'

/** True while a person types or a dialog is open: single letters belong to them then. */
function isTaken(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true
  const target = event.target as HTMLElement | null
  if (target?.closest('input, textarea, select, [contenteditable], [role="combobox"]')) return true
  return document.querySelector('[role="dialog"][aria-modal="true"]:not([style*="display: none"])') !== null
}

/** Keys of a page. The handler says whether it used the key. */
export function useKeys(handle: (key: string, event: KeyboardEvent) => boolean): void {
  const listen = (event: KeyboardEvent) => {
    if (isTaken(event)) return
    if (handle(event.key, event)) event.preventDefault()
  }
  onMounted(() => document.addEventListener('keydown', listen))
  onUnmounted(() => document.removeEventListener('keydown', listen))
}
