import { ref, watch } from 'vue'
import chinese from 'element-plus/es/locale/lang/zh-cn.mjs'
import { useI18n } from '@gridward/kit/i18n'

/** The words inside Element Plus (date pickers, empty selects) follow the language of the desk. */
export function useComponentLanguage() {
  const words = ref(chinese)
  const { locale } = useI18n()
  const follow = async (to: string) => {
    words.value = to === 'en' ? (await import('element-plus/es/locale/lang/en.mjs')).default : chinese
  }
  watch(locale, follow, { immediate: true })
  return words
}
