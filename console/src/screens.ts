// The screens: a line each. Their code comes when they are opened for the first time.
import type { ComponentType } from 'preact'

export interface ScreenProps {
  args: string[]
  query: URLSearchParams
}

type Load = () => Promise<{ default: ComponentType<ScreenProps> }>

export const screens: Record<string, Load> = {
  day: () => import('./day/day'),
  list: () => import('./list/list'),
  board: () => import('./list/board'),
  card: () => import('./card/card'),
  calls: () => import('./dev/calls'),
  explorer: () => import('./dev/explorer'),
  control: () => import('./dev/control'),
  fields: () => import('./admin/fields'),
  funnels: () => import('./admin/funnels'),
  users: () => import('./admin/users'),
  roles: () => import('./admin/roles'),
  hooks: () => import('./admin/hooks'),
  webhooks: () => import('./admin/webhooks'),
  apps: () => import('./admin/apps'),
  deliveries: () => import('./admin/deliveries'),
  account: () => import('./account/account'),
  app: () => import('./apps/app')
}
