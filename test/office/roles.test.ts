/** Who may do what, as a table of its own: a change of src/core/office/roles.ts that nobody meant fails here. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { OFFICE_ROUTES } from '../../src/backoffice/tables.ts';
import {
  isHouseRole,
  linkRolesOf,
  needsSecondFactor,
  OFFICE_ROLES,
  type OfficeRole,
  PERMISSIONS,
  type Permission,
  permissionsOf,
} from '../../src/core/office/roles.ts';
import { type OfficeClient, type OfficeRig, openRig } from './rig.ts';

const HOLDERS: Readonly<Record<Permission, readonly OfficeRole[]>> = {
  look: OFFICE_ROLES,
  players: ['owner', 'support', 'agent_owner', 'agent_staff'],
  points: ['owner', 'finance'],
  limits: ['owner', 'finance', 'agent_owner'],
  agents: ['owner', 'agent_owner'],
  pot_request: ['agent_owner', 'agent_staff'],
  pot: ['owner', 'finance', 'agent_owner'],
  callbacks: ['owner', 'finance', 'support', 'agent_owner', 'agent_staff'],
  rounds: ['owner', 'finance'],
  catalogue: ['owner', 'agent_owner'],
  house_catalogue: ['owner'],
  rain: ['owner', 'finance', 'trader'],
  rain_read: ['owner', 'finance', 'support', 'trader', 'read'],
  book: ['owner'],
  ask: ['owner', 'finance', 'support', 'trader', 'agent_owner', 'agent_staff'],
  answer: ['owner', 'finance', 'support', 'agent_owner'],
  developer: ['owner', 'agent_owner'],
  people: ['owner', 'agent_owner'],
  audit: ['owner', 'finance', 'read', 'agent_owner'],
  auto_login: ['owner', 'support', 'agent_owner'],
};

test('each permission is held by those of the table', () => {
  for (const permission of PERMISSIONS) {
    const holders = OFFICE_ROLES.filter((role) =>
      permissionsOf(role, { byLink: false }).includes(permission),
    );
    assert.deepEqual(holders.toSorted(), [...HOLDERS[permission]].toSorted(), permission);
  }
});

test('who comes by a link leaves no door behind, and nobody gets in as more than they may be', () => {
  const byLink = permissionsOf('agent_owner', { byLink: true });
  const all = permissionsOf('agent_owner', { byLink: false });
  assert.deepEqual(all.filter((each) => !byLink.includes(each)).toSorted(), [
    'auto_login',
    'developer',
    'people',
  ]);
  const staff = { byLink: true };
  assert.deepEqual(permissionsOf('agent_staff', staff), permissionsOf('agent_staff', { byLink: false }));
  const roles = Object.fromEntries(OFFICE_ROLES.map((role) => [role, linkRolesOf(role)]));
  assert.deepEqual(roles, {
    owner: ['agent_owner', 'agent_staff'],
    finance: [],
    support: ['agent_staff'],
    trader: [],
    read: [],
    agent_owner: ['agent_owner', 'agent_staff'],
    agent_staff: [],
  });
});

test('the house signs in by two factors', () => {
  for (const role of OFFICE_ROLES) assert.equal(needsSecondFactor(role), isHouseRole(role), role);
});

describe('every route, by every role', () => {
  let rig: OfficeRig;
  const clients = new Map<OfficeRole, OfficeClient>();
  before(async () => {
    rig = await openRig();
    for (const role of OFFICE_ROLES)
      clients.set(role, isHouseRole(role) ? await rig.house(role) : await rig.of('b', role));
  });
  after(() => rig.close());

  for (const route of OFFICE_ROUTES) {
    const { permission, method, operationId, path } = route;
    if (permission === 'open') continue;
    // Nothing has this id, and the body is none: whoever may is told so, whoever may not is told that first.
    const address = path.replace(/:\w+/g, '999999999999');
    const given = method === 'GET' ? {} : { body: { nonsense: true } };
    test(`${operationId}: ${permission}`, async () => {
      const nobody = await rig.stranger().call(method, address, given);
      assert.deepEqual([nobody.status, nobody.body.code], [401, 'unauthenticated']);
      for (const role of OFFICE_ROLES) {
        const isHolder =
          permission === 'self' || permission === 'enrol' || HOLDERS[permission].includes(role);
        if (isHolder && operationId === 'signOut') continue;
        const answer = await clients.get(role)?.call(method, address, given);
        const code = answer?.body?.code;
        if (isHolder)
          assert.ok(
            answer !== undefined && answer.status < 500 && code !== 'unauthenticated',
            `${role}: ${answer?.text}`,
          );
        else assert.deepEqual([answer?.status, code], [403, 'forbidden'], role);
      }
    });
  }

  test('whoever lacks the second factor may do nothing but set it up, look who they are, and leave', async () => {
    const half = await rig.house('owner', 'half in');
    await rig.sql`update office_session set proven = false where user_id = ${half.userId}`;
    const open: string[] = [];
    for (const { method, path, operationId, permission } of OFFICE_ROUTES) {
      if (permission === 'open' || operationId === 'signOut') continue;
      const answer = await half.call(
        method,
        path.replace(/:\w+/g, '1'),
        method === 'GET' ? {} : { body: { code: '' } },
      );
      if (answer.body?.code !== 'enrolment_needed') open.push(operationId);
    }
    assert.deepEqual(open.toSorted(), ['beginTotp', 'confirmTotp', 'showMe']);
  });
});
