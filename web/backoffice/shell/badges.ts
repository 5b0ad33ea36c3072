/** What raises a number in the menu, as GET /unread names it. */
import type { WaitingKind } from '../../../src/core/office/waiting.ts';
import type { Group } from './page.ts';

export type Badge = 'pot' | 'inquiries' | 'desk' | 'notices';

/** What a person's settings call it, and in whose group of the menu it stands. */
const BADGES: Readonly<Record<Badge, { readonly setting: WaitingKind; readonly group: Group }>> = {
  pot: { setting: 'pot_requests', group: 'pot_requests' },
  inquiries: { setting: 'inquiries', group: 'inquiries' },
  desk: { setting: 'desk', group: 'desk' },
  notices: { setting: 'notices', group: 'desk' },
};

/** Whose numbers can be turned off. */
export const BADGE_SETTINGS = Object.values(BADGES).map(({ setting }) => setting);

/** How much waits, by group; what somebody does not want to be told of is left out. */
export function badgesOf(
  unread: Partial<Record<Badge, number>>,
  notify: Readonly<Record<string, boolean>>,
): Partial<Record<Group, number>> {
  const counts: Partial<Record<Group, number>> = {};
  for (const [badge, { setting, group }] of Object.entries(BADGES)) {
    const count = notify[setting] === false ? 0 : (unread[badge as Badge] ?? 0);
    counts[group] = (counts[group] ?? 0) + count;
  }
  return counts;
}
