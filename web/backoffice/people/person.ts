/** A person of the back office, as the API answers one. */
import type { OfficeRole } from '../../../src/core/office/roles.ts';
import { AGENT_ROLES, HOUSE_ROLES } from '../../../src/core/office/roles.ts';
import type { Choice } from '../kit/fields.tsx';

export interface Person {
  readonly id: number;
  readonly name: string;
  readonly shownName: string;
  readonly role: OfficeRole;
  /** Null: the house's own. */
  readonly agentId: number | null;
  readonly agent: string | null;
  readonly totp: boolean;
  readonly passwordAt: string | null;
  readonly signedInAt: string | null;
  readonly signedInIp: string | null;
  readonly lockedUntil: string | null;
  readonly sessions: number;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly disabledAt: string | null;
}

const choicesOf = (roles: readonly OfficeRole[]): readonly Choice[] =>
  roles.map((value) => ({ value, label: `roles.${value}` }));

export const HOUSE_CHOICES = choicesOf(HOUSE_ROLES);
export const AGENT_CHOICES = choicesOf(AGENT_ROLES);
export const ROLE_CHOICES = [...HOUSE_CHOICES, ...AGENT_CHOICES];
