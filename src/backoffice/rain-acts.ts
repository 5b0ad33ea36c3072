/** What staff do to a session of the rain book: the acts of the staff API, by whoever is signed in. */
import { Type } from 'typebox';
import { RAIN_ACTS, type RainAct } from '../core/book/rain-acts.ts';
import { STATED_RESULTS } from '../core/book/session-machine.ts';
import { findSessionLine } from '../db/office-rain-session.ts';
import { actOnRain } from '../staff/acts.ts';
import { sessionIdIn } from './rain-sessions.ts';
import { sessionRow } from './rain-views.ts';
import { RainActed } from './rain-wire.ts';
import { ok, refuse } from './replies.ts';
import { type OfficeRoute, route } from './route.ts';
import { Line, Nullable } from './shapes.ts';

/** How long a request waits for a settlement, which goes on behind it. */
const SETTLE_WAIT_MS = 5000;

const SUMMARIES: Readonly<Record<RainAct, string>> = {
  open: 'Open betting when its time has come',
  suspend: 'Take no bets for now',
  resume: 'Take bets again',
  close: 'Take no more bets',
  result: 'State the result; a second person must confirm it',
  confirm: 'Confirm what another person has stated: the result it is believed to be must be named',
  settle: 'Settle now what hubs would settle by themselves',
  void: 'Call the session off, also a settled one; a second person must confirm it',
  resettle: 'Correct the result; a second person must confirm it',
};

const ActGiven = Type.Object(
  {
    result: Type.Optional(Type.Enum([...STATED_RESULTS])),
    rainMm: Type.Optional(Nullable(Type.Number({ minimum: 0, maximum: 99_999 }))),
    reason: Type.Optional(Nullable(Line(0, 500))),
  },
  { additionalProperties: false },
);

export const RAIN_SESSION_ACTS: readonly OfficeRoute[] = RAIN_ACTS.map((act) =>
  route({
    method: 'POST',
    path: `/rain/sessions/:rainSessionId/${act}`,
    operationId: `${act}OfficeRainSession`,
    summary: SUMMARIES[act],
    group: 'rain',
    permission: 'rain',
    body: ActGiven,
    answer: RainActed,
    async handle({ sql, rain: { settlement }, principal: { person: by }, ip }, { params, body }) {
      const sessionId = sessionIdIn(params);
      const { result = null, rainMm = null, reason = null } = body;
      // Nobody confirms what they have not read.
      if (act === 'confirm' && result === null) return refuse('result_needed');
      const wish = { act, sessionId, by, ip, result, rainMm, reason, waitMs: SETTLE_WAIT_MS };
      const outcome = await actOnRain({ sql, settlement }, wish);
      if (!outcome.ok) return refuse(outcome.code);
      const line = await findSessionLine(sql, sessionId);
      if (line === null) throw new Error(`session ${sessionId} is gone`);
      const { counts, progress } = outcome;
      return ok({ counts, session: sessionRow(line), progress } satisfies RainActed);
    },
  }),
);
