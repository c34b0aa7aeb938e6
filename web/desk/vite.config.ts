import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import vue from '@vitejs/plugin-vue'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import components from 'unplugin-vue-components/vite'
import { defineConfig, type Plugin } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const out = here('../../src/gridward/site/static/desk')

/** Writes a .gz beside every text file once, so that the server need not compress on each request. */
function compressed(): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    closeBundle() {
      const folder = join(out, 'assets')
      for (const name of readdirSync(folder)) {
        if (!/\.(js|css)$/.test(name)) continue
        writeFileSync(join(folder, `${name}.gz`), gzipSync(readFileSync(join(folder, name)), { level: 9 }))
      }
    },
  }
}

export default defineConfig({
  root: here('.'),
  base: '/static/desk/',
  plugins: [
    vue(),
    components({ dts: false, dirs: [], resolvers: [ElementPlusResolver({ importStyle: 'css' })] }),
    compressed(),
  ],
  worker: { format: 'es' },
  build: {
    outDir: out,
    emptyOutDir: true,
    target: 'es2022',
    // A small file as data: address would need a hole in the content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      output: {
        // Few files instead of dozens of small ones: a government network often has a proxy that speaks HTTP/1.1 only.
        advancedChunks: {
          groups: [
            { name: 'vue', test: /node_modules\/(@vue|vue|vue-router)\// },
            { name: 'icons', test: /node_modules\/lucide-vue-next\// },
            { name: 'controls', test: /node_modules\/(element-plus|@element-plus|@vueuse|@floating-ui|@popperjs|@sxzz|dayjs|lodash|lodash-es|lodash-unified|async-validator|memoize-one|normalize-wheel-es|@ctrl)\// },
            { name: 'desk', test: /\/(engine|kit\/api|kit\/i18n)\/|desk\/src\/site\/use\/(?!componentLanguage)/ },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': process.env.GRIDWARD_URL ?? 'http://127.0.0.1:8000' } },
})
