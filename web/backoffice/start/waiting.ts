/** Where what waits for somebody is dealt with, by what GET /waiting calls it. Its words are `start.waiting.<what>`. */
import type { WaitingKind } from '../../../src/core/office/waiting.ts';

export const WAITING_AT: Readonly<Record<WaitingKind, string>> = {
  pot_requests: '/pot-requests?view=waiting',
  inquiries: '/inquiries',
  desk: '/desk',
  notices: '/notices',
  callbacks: '/callbacks?state=listed',
  round_orders: '/open-rounds?tab=orders',
  rain_findings: '/rain/sessions?waiting=yes',
  open_rounds: '/open-rounds?overdue=true',
};
