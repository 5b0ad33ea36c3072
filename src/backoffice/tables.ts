/** All calls of the back office's API, by noun: the table of contents. */
import { AGENTS_SEEN } from './agent-names.ts';
import { AGENTS } from './agents.ts';
import { AGENT_RATES } from './agents-rates.ts';
import { ATTACHMENTS } from './attachments.ts';
import { AUDIT_TRAIL } from './audit-trail.ts';
import { BET_ROUTES } from './bets.ts';
import { CALLBACKS } from './callbacks.ts';
import { CALLBACK_HEALTH } from './callbacks-health.ts';
import { CATALOGUE } from './catalogue.ts';
import { CATALOGUE_SWITCHES } from './catalogue-switches.ts';
import { DESK } from './desk.ts';
import { DEVELOPER } from './developer.ts';
import { FAQ } from './faq.ts';
import { INQUIRIES } from './inquiries.ts';
import { LIMITS } from './limits.ts';
import { LIMIT_LISTS } from './limits-list.ts';
import { LINKS } from './links.ts';
import { MINE } from './my.ts';
import { NOTICES } from './notices.ts';
import { WRITTEN_NOTICES } from './notices-written.ts';
import { PEOPLE } from './people.ts';
import { PLAYER_ROUTES } from './players.ts';
import { POT } from './pot.ts';
import { RAIN_BOOK } from './rain.ts';
import { ROUND_ROUTES } from './rounds.ts';
import type { OfficeRoute } from './route.ts';
import { SECOND_FACTOR } from './second-factor.ts';
import { SIGN_IN } from './sign-in.ts';
import { STATEMENT_ROUTES } from './statement.ts';
import { STATISTICS } from './statistics.ts';
import { WAITING } from './waiting.ts';

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
  ...ATTACHMENTS,
  ...DESK,
  ...FAQ,
  ...INQUIRIES,
  ...LIMITS,
  ...LIMIT_LISTS,
  ...NOTICES,
  ...WRITTEN_NOTICES,
  ...WAITING,
  ...STATISTICS,
  ...CATALOGUE,
  ...CATALOGUE_SWITCHES,
  ...PLAYER_ROUTES,
  ...BET_ROUTES,
  ...STATEMENT_ROUTES,
  ...ROUND_ROUTES,
  ...RAIN_BOOK,
  ...AGENTS,
  ...AGENT_RATES,
];
