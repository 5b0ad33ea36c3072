/** All calls of the back office's API, by noun: the table of contents. */
import { AGENTS_SEEN } from './agent-names.ts';
import type { OfficeRoute } from './route.ts';

export const OFFICE_ROUTES: readonly OfficeRoute[] = [...AGENTS_SEEN];
