/** Puts the cursor where typing starts: the first field of a form, else its submit button. */
export function focusFirst(form: HTMLFormElement | null): void {
  const field = form?.querySelector<HTMLElement>('input:not([type="hidden"]), textarea, [role="combobox"]')
  const target = field ?? form?.querySelector<HTMLElement>('button[type="submit"]')
  target?.focus()
}
