/** What raises a number in the menu: as GET /unread names it, and as a person's settings do. */
import type { Group } from './page.ts';

export const BADGES = ['pot', 'inquiries', 'desk', 'notices'] as const;
export type Badge = (typeof BADGES)[number];

/** In whose group of the menu it stands. */
export const BADGE_GROUPS: Readonly<Record<Badge, Group>> = {
  pot: 'pot_requests',
  inquiries: 'inquiries',
  desk: 'desk',
  notices: 'desk',
};

/** How much waits, by group; what somebody does not want to be told of is left out. */
export function badgesOf(
  unread: Partial<Record<Badge, number>>,
  notify: Readonly<Record<string, boolean>>,
): Partial<Record<Group, number>> {
  const counts: Partial<Record<Group, number>> = {};
  for (const badge of BADGES) {
    const count = notify[badge] === false ? 0 : (unread[badge] ?? 0);
    const group = BADGE_GROUPS[badge];
    counts[group] = (counts[group] ?? 0) + count;
  }
  return counts;
}
