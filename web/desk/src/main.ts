import { createApp } from 'vue'
import { surround } from '@gridward/kit/api'
import App from './App.vue'
import { router } from './router'
import { startPreferences, spoken } from './site/use/preferences'
import { forget } from './site/use/session'
import './style/tokens.css'
import './style/base.css'
import './style/parts.css'
import './style/element.css'

surround({
  language: spoken,
  onSignedOut: () => {
    const here = router.currentRoute.value
    const ended = forget()
    if (ended && !here.meta.open) void router.push({ name: 'login', query: { next: here.fullPath, ended: '1' } })
  },
})

// After an upgrade the old page asks for files that are gone. Drafts are kept, so the page is simply loaded anew; once,
// because a file that is really missing would make it an endless circle.
window.addEventListener('vite:preloadError', (event) => {
  if (window.history.state?.reloaded) return
  event.preventDefault()
  window.history.replaceState({ ...window.history.state, reloaded: true }, '')
  window.location.reload()
})

await startPreferences()
createApp(App).use(router).mount('#app')
