/**
 * Who may do what in the back office. A role is a set of permissions; a call of the API needs one. What rows a person
 * sees is another question: the house's staff see all, an agent's people their agent and those below it.
 */

/** The house's own staff, then an agent's people. */
export const HOUSE_ROLES = ['owner', 'finance', 'support', 'trader', 'read'] as const;
export const AGENT_ROLES = ['agent_owner', 'agent_staff'] as const;
export const OFFICE_ROLES = [...HOUSE_ROLES, ...AGENT_ROLES] as const;
export type HouseRole = (typeof HOUSE_ROLES)[number];
export type AgentRole = (typeof AGENT_ROLES)[number];
export type OfficeRole = (typeof OFFICE_ROLES)[number];

export const PERMISSIONS = [
  'look', // every list and figure of the own scope, and exports of them
  'players', // create, block, kick, exclude, note
  'points', // give points
  'limits', // bet and win limits
  'agents', // create and change agents below
  'pot_request', // ask the upline for POT, or to pay POT out
  'pot', // give POT to agents below or take it, approve their requests
  'callbacks', // resend, resolve
  'rounds', // settle or void an open round
  'catalogue', // switch vendors and games for agents below
  'house_catalogue', // vendors, games and studios themselves
  'rain', // act on rain sessions and what belongs to them
  'rain_read', // look at the rain book
  'book', // operators, sites and vendor types of the rain book
  'ask', // open an inquiry, answer in one's own
  'answer', // answer inquiries of agents below (the house: of all), write notices and FAQ
  'developer', // keys, addresses, callback, test page, request log
  'people', // other people of the own scope
  'audit', // the audit trail of the own scope
  'auto_login', // make a link into the back office of an agent below
] as const;
export type Permission = (typeof PERMISSIONS)[number];

const EVERYTHING: readonly Permission[] = PERMISSIONS;
const HOUSE_ONLY: readonly Permission[] = [
  'points',
  'rounds',
  'house_catalogue',
  'rain',
  'rain_read',
  'book',
];

export const ROLE_PERMISSIONS: Readonly<Record<OfficeRole, readonly Permission[]>> = {
  owner: EVERYTHING.filter((each) => each !== 'pot_request'),
  finance: [
    'look',
    'pot',
    'points',
    'limits',
    'callbacks',
    'rounds',
    'rain',
    'rain_read',
    'answer',
    'ask',
    'audit',
  ],
  support: ['look', 'players', 'callbacks', 'rain_read', 'ask', 'answer', 'auto_login'],
  trader: ['look', 'rain', 'rain_read', 'ask'],
  read: ['look', 'rain_read', 'audit'],
  agent_owner: EVERYTHING.filter((each) => !HOUSE_ONLY.includes(each)),
  agent_staff: ['look', 'players', 'callbacks', 'pot_request', 'ask'],
};

export function isOfficeRole(text: string): text is OfficeRole {
  return (OFFICE_ROLES as readonly string[]).includes(text);
}

export function isHouseRole(role: OfficeRole): role is HouseRole {
  return (HOUSE_ROLES as readonly string[]).includes(role);
}

export function may(role: OfficeRole, permission: Permission): boolean {
  return ROLE_PERMISSIONS[role].includes(permission);
}

/** Whoever comes by a link is not known by name to the agent: they leave no door of their own behind. */
const NEVER_BY_LINK: readonly Permission[] = ['people', 'developer', 'auto_login'];

/** What a person of that role may do. */
export function permissionsOf(
  role: OfficeRole,
  { byLink }: { readonly byLink: boolean },
): readonly Permission[] {
  const all = ROLE_PERMISSIONS[role];
  return byLink ? all.filter((each) => !NEVER_BY_LINK.includes(each)) : all;
}

/**
 * As what a link may let its maker in, the most first: not as somebody who moves money for an agent when they move
 * none for the house.
 */
export function linkRolesOf(role: OfficeRole): readonly AgentRole[] {
  if (!may(role, 'auto_login')) return [];
  return may(role, 'pot') ? AGENT_ROLES : ['agent_staff'];
}

/** The house's staff hold everybody's money: they sign in by two factors, others may choose to. */
export function needsSecondFactor(role: OfficeRole): boolean {
  return isHouseRole(role);
}
