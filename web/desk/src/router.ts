import { createRouter, createWebHistory } from 'vue-router'
import type { Key } from '@gridward/kit/i18n'
import { useSession } from './site/use/session'

declare module 'vue-router' {
  interface RouteMeta {
    /** Reachable without log-in. */
    open?: boolean
    title?: Key
  }
}

export const router = createRouter({
  history: createWebHistory('/'),
  routes: [
    { path: '/login', name: 'login', component: () => import('./site/pages/LogIn.vue'), meta: { open: true } },
    {
      path: '/',
      component: () => import('./site/parts/DeskFrame.vue'),
      children: [
        { path: '', redirect: { name: 'cases' } },
        { path: 'cases', name: 'cases', component: () => import('./cases/pages/CaseList.vue') },
        { path: 'cases/:id', name: 'case', component: () => import('./cases/pages/CasePage.vue'), props: true },
        { path: 'map', name: 'map', component: () => import('./grids/pages/MapPage.vue') },
        { path: 'ledgers', name: 'ledgers', component: () => import('./ledger/pages/LedgerList.vue') },
        {
          path: 'ledgers/:code',
          name: 'ledger',
          component: () => import('./ledger/pages/SubjectList.vue'),
          props: true,
        },
        {
          path: 'ledgers/:code/:id',
          name: 'subject',
          component: () => import('./ledger/pages/SubjectPage.vue'),
          props: true,
        },
        { path: 'grids', name: 'grids', component: () => import('./grids/pages/GridsAndPeople.vue') },
        { path: 'sessions', name: 'sessions', component: () => import('./site/pages/SessionList.vue') },
        { path: ':rest(.*)*', name: 'nowhere', component: () => import('./site/pages/NotFound.vue') },
      ],
    },
  ],
})

router.beforeEach(async (to) => {
  if (to.meta.open) return true
  const { ensure } = useSession()
  const known = await ensure()
  return known ? true : { name: 'login', query: { next: to.fullPath } }
})
