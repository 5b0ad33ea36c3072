/** What an operator's developers do by themselves: keys, addresses, callbacks tried out, calls looked at. */
import { DEVELOPER_CERTIFICATIONS } from './developer-certifications.ts';
import { DEVELOPER_KEYS } from './developer-keys.ts';
import { DEVELOPER_REQUESTS } from './developer-requests.ts';
import { DEVELOPER_SETTINGS } from './developer-settings.ts';
import { DEVELOPER_TESTS } from './developer-tests.ts';
import type { OfficeRoute } from './route.ts';

export const DEVELOPER: readonly OfficeRoute[] = [
  ...DEVELOPER_SETTINGS,
  ...DEVELOPER_KEYS,
  ...DEVELOPER_REQUESTS,
  ...DEVELOPER_TESTS,
  ...DEVELOPER_CERTIFICATIONS,
];
