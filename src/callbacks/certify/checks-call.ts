/** Checks of how calls are answered: status, headers, connections, time. */
import { readBalance } from '../../core/delivery.ts';
import type { Check, Finding, Packet, Settings } from './check.ts';
import { bet, charge, oneMoreThanAll, probe, probeOnly, win } from './check.ts';
import { type OddCall, withOddLine } from './odd.ts';
import { type Exchange, type Stand, shownAnswer } from './stand.ts';
import { percentile } from './times.ts';

const STANDARD_USER_AGENT = 'GuzzleHttp/7';
const CALLS = 20;
const P95_MS_MAX = 500;
/** A question that takes longer is off, and cancelled. */
const QUESTION_MS_MAX = 2000;
const KEPT_CALLS = 6;

const unsigned = ({ signed }: Settings) => (signed ? null : 'no --secret was given');
const isOk = ({ answer }: Exchange) => answer.kind === 'answered' && answer.status === 200;

export const CALL_CHECKS: readonly Check[] = [
  {
    id: 'user-agent',
    title: 'The hub’s User-Agent is let in',
    proves: 'Calls under the User-Agent configured for you are answered by your wallet, not by a firewall.',
    costs: 'A firewall that turns the hub away voids every bet, and holds up every win.',
    severity: 'must',
    always: true,
    steps: [probeOnly(isLetIn)],
  },
  {
    id: 'no-redirect',
    title: 'No answer is a redirect',
    proves: 'Neither /balance nor /changeBalance answers 3xx (to https, to a slash at the end, to a log-in).',
    costs: 'Redirects are not followed: each bet is void and each win waits.',
    severity: 'must',
    always: true,
    needs: 100n,
    steps: [probeOnly(hasNoRedirect)],
  },
  {
    id: 'refusal-status',
    title: 'A refusal is a 4xx',
    proves: 'A bet and a charge over the balance are refused by 400 to 499.',
    costs: 'Refusals by 5xx look like an outage: ten in a row, and the hub asks you nothing for a while.',
    severity: 'should',
    steps: [probe(refusesBy4xx)],
  },
  {
    id: 'answer-balance',
    title: 'With slot booster every answer tells the balance',
    proves: 'Bet and win are answered by 200 and {"balance":n}, n the balance after them.',
    costs:
      'A bet answered without it is taken for unknown and cancelled; a wrong one is what the player stakes next.',
    severity: 'must',
    skip: ({ slotBooster }) => (slotBooster ? null : 'slot booster is off'),
    needs: 400n,
    steps: [probe(tellsBalance)],
  },
  {
    id: 'content-type',
    title: 'The Content-Type may name its charset',
    proves: 'A packet sent as application/json; charset=utf-8 is read like one sent as application/json.',
    costs: 'A proxy on the way that adds the charset stops all bets.',
    severity: 'should',
    needs: 100n,
    steps: [probe((stand) => isTakenSo(stand, { contentType: 'application/json; charset=utf-8' }))],
  },
  {
    id: 'get-without-body',
    title: 'A GET needs no body and no Content-Type',
    proves:
      'The balance is answered with Content-Type: application/json and no body, and without the header.',
    costs: 'A parser that wants JSON from a GET refuses it: no session starts.',
    severity: 'should',
    steps: [
      probeOnly((stand) => isAnsweredSo(stand, {})),
      probeOnly((stand) => isAnsweredSo(stand, { contentType: null })),
    ],
  },
  {
    id: 'keep-alive',
    title: 'Connections are kept',
    proves: `${KEPT_CALLS} calls one after another need two connections at most.`,
    costs:
      'A connection for each call costs a handshake for each bet: at peak hours bets run out of their 2 s.',
    severity: 'should',
    steps: [probeOnly(keepsConnections)],
  },
  {
    id: 'signature-wrong',
    title: 'A wrong signature is refused',
    proves: 'A bet and a balance signed with another secret are refused, and nothing moves.',
    costs: 'Whoever finds your callback address can send himself wins.',
    severity: 'should',
    skip: unsigned,
    steps: [probe((stand) => isTurnedAway(stand, { secrets: [`not ${stand.target.secrets[0]}`] }))],
  },
  {
    id: 'signature-missing',
    title: 'A missing signature is refused',
    proves: 'An unsigned bet and balance are refused, and nothing moves.',
    costs: 'A signature that may be left out keeps nobody away: anyone can send himself wins.',
    severity: 'should',
    skip: unsigned,
    steps: [probe((stand) => isTurnedAway(stand, { secrets: [] }))],
  },
  {
    id: 'signature-old',
    title: 'An old signature is refused',
    proves: 'A bet and a balance whose X-Timestamp is an hour old are refused, though rightly signed.',
    costs: 'A call that was overheard once can be sent again whenever somebody likes.',
    severity: 'should',
    skip: unsigned,
    steps: [probe((stand) => isTurnedAway(stand, { ageMs: 3_600_000 }))],
  },
  {
    id: 'signature-rotation',
    title: 'While secrets change, the former one still counts',
    proves: 'A call signed by a newer secret and, in X-Signature-Previous, by yours is accepted.',
    costs: 'From the moment of a rotation until you follow all bets are refused.',
    severity: 'should',
    skip: unsigned,
    needs: 100n,
    steps: [
      probe((stand) => isTakenSo(stand, { secrets: ['a newer secret', stand.target.secrets[0] ?? ''] })),
    ],
  },
  {
    id: 'latency',
    title: `95 of 100 calls are answered within ${P95_MS_MAX} ms`,
    proves: `Of ${CALLS} bets and wins one after another 95 % are answered within ${P95_MS_MAX} ms.`,
    costs: 'Each spin waits for you twice; players leave slow games, and the slowest bets are cancelled.',
    severity: 'should',
    needs: 20n,
    steps: [probe(isFast)],
  },
  // The last one, as it looks back on all the others.
  {
    id: 'latency-limit',
    title: 'No call takes 2 s',
    proves: 'Every call of the whole run was answered, and within 2 s.',
    costs:
      'A bet not answered in 2 s is off and cancelled, though you may have taken it: its win never comes.',
    severity: 'must',
    always: true,
    steps: [probeOnly(isWithinLimit)],
  },
];

/** Sends one packet alone; what it moved is expected from now on. */
async function post(stand: Stand, packet: Packet): Promise<{ exchange: Exchange; finding: Finding | null }> {
  const [sent] = stand.write([packet]);
  const [exchange] = await stand.post([sent!]);
  if (!stand.isAccepted(sent!, exchange!))
    return { exchange: exchange!, finding: { expected: `${sent!.what}: 200`, got: shownAnswer(exchange!) } };
  stand.expected += sent!.amount;
  return { exchange: exchange!, finding: null };
}

async function isLetIn(stand: Stand): Promise<Finding | null> {
  const { exchange } = await stand.look();
  if (isOk(exchange)) return null;
  const { userAgent } = stand.target;
  const expected = `200 under User-Agent: ${userAgent}`;
  const got = shownAnswer(exchange);
  if (userAgent === STANDARD_USER_AGENT) return { expected, got };
  const other = await withOddLine(stand, (line) => line.balance({ userAgent: STANDARD_USER_AGENT }));
  return { expected, got: `${got}; under ${STANDARD_USER_AGENT}: ${shownAnswer(other)}` };
}

async function hasNoRedirect(stand: Stand): Promise<Finding | null> {
  const looked = await stand.look();
  const bets = await post(stand, bet('bet', 100n));
  const wins = await post(stand, win('win', 'bet', { amount: 100n }));
  const exchanges = [looked.exchange, bets.exchange, wins.exchange];
  const silent = exchanges.find(({ answer }) => answer.kind !== 'answered');
  const redirect = exchanges.find(
    ({ answer }) => answer.kind === 'answered' && answer.status >= 300 && answer.status < 400,
  );
  if (redirect === undefined)
    return silent === undefined ? null : { expected: `${silent.what}: an answer`, got: shownAnswer(silent) };
  return { expected: `${redirect.what}: no redirect`, got: shownAnswer(redirect) };
}

async function refusesBy4xx(stand: Stand): Promise<Finding | null> {
  for (const packet of [bet('bet', oneMoreThanAll), charge('charge', oneMoreThanAll)]) {
    const [exchange] = await stand.post(stand.write([packet]));
    const { answer, what } = exchange!;
    if (answer.kind !== 'answered' || answer.status < 400 || answer.status > 499)
      return { expected: `${what}: 400 to 499`, got: shownAnswer(exchange!) };
  }
  return null;
}

async function tellsBalance(stand: Stand): Promise<Finding | null> {
  for (const packet of [bet('bet', 300n), win('win', 'bet', { amount: 500n }), bet('next', 100n)]) {
    const { exchange, finding } = await post(stand, packet);
    if (finding !== null) return finding;
    const { answer, what } = exchange;
    const told = answer.kind === 'answered' ? readBalance(answer.body, stand.currency) : null;
    if (told !== stand.expected)
      return {
        expected: `${what}: {"balance":n} with ${stand.shown(stand.expected)}`,
        got: shownAnswer(exchange),
      };
  }
  return null;
}

/** A bet sent this way is accepted. */
async function isTakenSo(stand: Stand, odd: OddCall): Promise<Finding | null> {
  const [sent] = stand.write([bet('bet', 100n)]);
  const exchange = await withOddLine(stand, (line) => line.post(sent!, odd));
  if (!stand.isAccepted(sent!, exchange))
    return { expected: `${sent!.what}: 200`, got: shownAnswer(exchange) };
  stand.expected += sent!.amount;
  return null;
}

async function isAnsweredSo(stand: Stand, odd: OddCall): Promise<Finding | null> {
  const exchange = await withOddLine(stand, (line) => line.balance(odd));
  return isOk(exchange) ? null : { expected: `${exchange.what}: 200`, got: shownAnswer(exchange) };
}

/** A bet and a balance sent this way are refused; that nothing moved is seen after. */
async function isTurnedAway(stand: Stand, odd: OddCall): Promise<Finding | null> {
  const [sent] = stand.write([bet('bet', 100n)]);
  const exchanges = await withOddLine(stand, async (line) => [
    await line.post(sent!, odd),
    await line.balance(odd),
  ]);
  const letIn = exchanges.find((exchange) => !stand.isRefused(exchange));
  return letIn === undefined ? null : { expected: `${letIn.what}: refused`, got: shownAnswer(letIn) };
}

async function keepsConnections(stand: Stand): Promise<Finding | null> {
  return withOddLine(stand, async (line) => {
    for (let n = 0; n < KEPT_CALLS; n += 1) {
      const exchange = await line.balance({});
      if (!isOk(exchange)) return { expected: `${exchange.what}: 200`, got: shownAnswer(exchange) };
    }
    const made = line.connections();
    if (made <= 2) return null;
    return { expected: `${KEPT_CALLS} calls on two connections at most`, got: `${made} connections` };
  });
}

async function isFast(stand: Stand): Promise<Finding | null> {
  const timesMs: number[] = [];
  for (let n = 1; n <= CALLS / 2; n += 1) {
    const [first, second, round] = [`bet ${n}`, `win ${n}`, `round ${n}`];
    for (const packet of [bet(first, 20n, { round }), win(second, first, { amount: 20n, round })]) {
      const { exchange, finding } = await post(stand, packet);
      if (finding !== null) return finding;
      timesMs.push(exchange.elapsedMs);
    }
  }
  const p95Ms = percentile(timesMs, 0.95);
  if (p95Ms < P95_MS_MAX) return null;
  return { expected: `95 of 100 calls within ${P95_MS_MAX} ms`, got: `${p95Ms} ms` };
}

async function isWithinLimit(stand: Stand): Promise<Finding | null> {
  await stand.look();
  const { slowest, unanswered } = stand;
  const worst = unanswered ?? slowest;
  if (worst === null || (unanswered === null && worst.elapsedMs < QUESTION_MS_MAX)) return null;
  const got = worst.answer.kind === 'answered' ? `${worst.elapsedMs} ms` : shownAnswer(worst);
  return { expected: `${worst.what}: answered within ${QUESTION_MS_MAX} ms`, got };
}
