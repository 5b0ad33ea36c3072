/** All calls of the back office's API, by noun: the table of contents. */
import { AGENTS_SEEN } from './agent-names.ts';
import { AUDIT_TRAIL } from './audit-trail.ts';
import { CALLBACKS } from './callbacks.ts';
import { CALLBACK_HEALTH } from './callbacks-health.ts';
import { DEVELOPER } from './developer.ts';
import { LINKS } from './links.ts';
import { MINE } from './my.ts';
import { PEOPLE } from './people.ts';
import { POT } from './pot.ts';
import type { OfficeRoute } from './route.ts';
import { SECOND_FACTOR } from './second-factor.ts';
import { SIGN_IN } from './sign-in.ts';

export const OFFICE_ROUTES: readonly OfficeRoute[] = [
  ...SIGN_IN,
  ...LINKS,
  ...MINE,
  ...SECOND_FACTOR,
  ...PEOPLE,
  ...AUDIT_TRAIL,
  ...AGENTS_SEEN,
  ...CALLBACKS,
  ...CALLBACK_HEALTH,
  ...DEVELOPER,
  ...POT,
];
