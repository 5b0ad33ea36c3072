/**
 * What staff do to a user: block, end its sessions, note its own wish to stop, give points, write something down. Each
 * is one transaction with its line in the audit trail; what the user itself asked for can only be made longer.
 */
import { type TObject, Type } from 'typebox';
import type { AgentId } from '../core/ids.ts';
import type { Query } from '../db/connect.ts';
import { addNote, lockProtection } from '../db/office-player.ts';
import { coolOff, excludeSelf, type PlayerRecord, setBlocked } from '../db/player.ts';
import { kick } from '../db/session.ts';
import { grantPoints } from '../office.ts';
import { recordAct } from './act.ts';
import { playerOf, subjectOf } from './players-scope.ts';
import { type OfficeReply, ok, refuse } from './replies.ts';
import { type OfficeCall, type OfficeRoute, route } from './route.ts';
import { Done, Line, MinorGiven, Reason, Text } from './shapes.ts';

type Protection = Awaited<ReturnType<typeof lockProtection>>;
type Tx = Parameters<typeof recordAct>[1] & Query;

interface Changed {
  readonly action: string;
  readonly reason?: string | null;
  readonly change: (tx: Tx, before: Protection) => Promise<OfficeReply | null>;
}

/** Changes a user's protection under lock and writes what it was before and after. */
async function change(call: OfficeCall, player: PlayerRecord, act: Changed): Promise<OfficeReply> {
  return call.sql.begin(async (tx) => {
    const before = await lockProtection(tx, player.id);
    const refused = await act.change(tx, before);
    if (refused !== null) return refused;
    const after = await lockProtection(tx, player.id);
    await recordAct(call, tx, {
      ...{ action: act.action, reason: act.reason ?? null, before: { ...before }, after: { ...after } },
      subject: subjectOf(player),
      agentId: player.agentId,
    });
    return ok({ ok: true });
  });
}

const SUMMARIES = {
  block: { operationId: 'blockPlayer', summary: 'Block a user: no bets, no launches' },
  unblock: { operationId: 'unblockPlayer', summary: 'Lift a block; what the user asked for itself stays' },
  exclude: {
    operationId: 'excludePlayer',
    summary: 'Self-exclusion, on the user’s wish: it can only be made longer, and never be lifted early',
  },
  'cool-off': { operationId: 'coolOffPlayer', summary: 'A short break, on the user’s wish' },
} as const;

const withReason = Type.Object({ reason: Reason }, { additionalProperties: false });

const block = protect('block', withReason, ({ reason }: { reason: string }) => ({
  action: 'player.block',
  reason,
  async change(tx, { blockedAt }, player) {
    if (blockedAt !== null) return refuse('conflict');
    await setBlocked(tx, player.id, { reason });
    return null;
  },
}));

const unblock = protect('unblock', withReason, ({ reason }: { reason: string }) => ({
  action: 'player.unblock',
  reason,
  async change(tx, { blockedAt }, player) {
    if (blockedAt === null) return refuse('conflict');
    await setBlocked(tx, player.id, null);
    return null;
  },
}));

const DAY_MS = 86_400_000;
const Days = Type.Integer({ minimum: 1, maximum: 36_500 });
const Hours = Type.Integer({ minimum: 1, maximum: 8760 });

const exclude = protect(
  'exclude',
  Type.Object(
    {
      days: Type.Union([Days, Type.Null()], { description: 'null: for good' }),
      reason: Reason,
    },
    { additionalProperties: false },
  ),
  ({ days, reason }: { days: number | null; reason: string }) => ({
    action: 'player.exclude',
    reason,
    async change(tx, { excludedUntil }, player) {
      const until = days === null ? null : new Date(Date.now() + days * DAY_MS);
      if (!isLonger(excludedUntil, until)) return refuse('refused', { detail: ONLY_LONGER });
      await excludeSelf(tx, player.id, until);
      return null;
    },
  }),
);

const coolDown = protect(
  'cool-off',
  Type.Object({ hours: Hours, reason: Reason }, { additionalProperties: false }),
  ({ hours, reason }: { hours: number; reason: string }) => ({
    action: 'player.cool-off',
    reason,
    async change(tx, { coolingUntil }, player) {
      const until = new Date(Date.now() + hours * 3_600_000);
      if (!isLonger(coolingUntil, until)) return refuse('refused', { detail: ONLY_LONGER });
      await coolOff(tx, player.id, until);
      return null;
    },
  }),
);

const ONLY_LONGER = 'it can only be made longer';

/** `next` null = for good. */
function isLonger(now: string | null, next: Date | null): boolean {
  if (now === 'for good') return false;
  return now === null || next === null || next.getTime() > Date.parse(now);
}

type ProtectAct = Omit<Changed, 'change'> & {
  readonly change: (tx: Tx, before: Protection, player: PlayerRecord) => Promise<OfficeReply | null>;
};

function protect<B>(verb: keyof typeof SUMMARIES, body: TObject, act: (body: B) => ProtectAct): OfficeRoute {
  return route({
    method: 'POST',
    path: `/players/:playerId/${verb}`,
    ...SUMMARIES[verb],
    group: 'users',
    permission: 'players',
    body,
    answer: Done,
    async handle(call, input) {
      const player = await playerOf(call, input.params);
      if (player === null) return refuse('not_found');
      const wanted = act(input.body as B);
      return change(call, player, {
        ...wanted,
        change: (tx, before) => wanted.change(tx, before, player),
      });
    },
  });
}

const kickOut = route({
  method: 'POST',
  path: '/players/:playerId/kick',
  operationId: 'kickPlayer',
  summary: 'End all sessions and tokens of a user',
  group: 'users',
  permission: 'players',
  body: Type.Object({ reason: Type.Optional(Reason) }, { additionalProperties: false }),
  answer: Type.Object({ sessions: Type.Integer({ description: 'how many were live' }) }),
  async handle(call, { params, body }) {
    const player = await playerOf(call, params);
    if (player === null) return refuse('not_found');
    const sessions = await call.sql.begin(async (tx) => {
      const ended = await kick(tx, player.id);
      await recordAct(call, tx, {
        ...{ action: 'player.kick', subject: subjectOf(player), agentId: player.agentId },
        reason: body.reason ?? null,
        after: { ended },
      });
      return ended;
    });
    return ok({ sessions });
  },
});

const points = route({
  method: 'POST',
  path: '/players/:playerId/points',
  operationId: 'givePoints',
  summary: 'Give a user bonus points, out of the house’s promotion account',
  group: 'users',
  permission: 'points',
  body: Type.Object(
    {
      amount: MinorGiven,
      reason: Reason,
      key: Type.Optional(Line(8, 64)),
    },
    { additionalProperties: false },
  ),
  answer: Type.Object({ transferId: Type.Integer(), points: Type.String(), replayed: Type.Boolean() }),
  async handle(call, { params, body }) {
    const player = await playerOf(call, params);
    if (player === null) return refuse('not_found');
    const { amount, reason, key } = body;
    const given = await grantPoints(call, {
      player,
      amount: BigInt(amount),
      key: key === undefined ? null : `office:points:${key}`,
      // The row is shown to the agent; from where the house acts is not, and stands in the audit trail.
      ip: null,
    });
    if (given === 'key_reused') return refuse('conflict');
    const { transferId, points: after, replayed } = given;
    if (!replayed || !(await isRecorded(call, player, transferId)))
      await recordAct(call, call.sql, {
        ...{ action: 'player.points', subject: subjectOf(player), agentId: player.agentId, reason },
        before: { points: String(after - BigInt(amount)) },
        after: { points: String(after) },
        more: { amount, transactionId: transferId },
      });
    return ok({ transferId, points: String(after), replayed });
  },
});

/** A node may have ended between the money and the line: the repeat writes it then. */
async function isRecorded(call: OfficeCall, player: PlayerRecord, transferId: number): Promise<boolean> {
  const rows =
    await call.sql`select 1 from audit_log where subject = ${subjectOf(player)} and action = 'player.points'
    and (detail ->> 'transactionId')::bigint = ${transferId}`;
  return rows.length > 0;
}

const note = route({
  method: 'POST',
  path: '/players/:playerId/notes',
  operationId: 'addPlayerNote',
  summary: 'Write something down about a user; it stays',
  group: 'users',
  permission: 'players',
  body: Type.Object(
    {
      text: Text(1, 4000),
      houseOnly: Type.Optional(Type.Boolean({ description: 'agents do not see it; the house only' })),
    },
    { additionalProperties: false },
  ),
  answer: Type.Object({ id: Type.Integer() }),
  async handle(call, { params, body }) {
    const player = await playerOf(call, params);
    if (player === null) return refuse('not_found');
    const text = body.text.trim();
    if (text === '') return refuse('invalid_request', { fields: { text: 'says nothing' } });
    const houseOnly = body.houseOnly ?? false;
    if (houseOnly && call.principal.scope.kind !== 'house') return refuse('forbidden');
    const agentId: AgentId | null = houseOnly ? null : player.agentId;
    const id = await call.sql.begin(async (tx) => {
      const made = await addNote(tx, { playerId: player.id, person: call.principal.person, houseOnly, text });
      await recordAct(call, tx, {
        ...{ action: 'player.note', subject: subjectOf(player), agentId },
        after: { note: made },
      });
      return made;
    });
    return ok({ id });
  },
});

export const PLAYER_ACTS: readonly OfficeRoute[] = [block, unblock, exclude, coolDown, kickOut, points, note];
