/**
 * Carries out the steps of a check, one after another, up to the first that does not come out as written. What a step
 * must do to the balance is reckoned here, from what was sent, and compared with what the operator then shows.
 */
import type { Check, Finding, Step, Wanted } from './check.ts';
import { type Exchange, type Sent, type Stand, shownAnswer } from './stand.ts';

/** Null: it passed. */
export async function runSteps(stand: Stand, check: Check): Promise<Finding | null> {
  for (const step of check.steps) {
    const finding = await runStep(stand, step);
    if (finding !== null) return finding;
  }
  return null;
}

async function runStep(stand: Stand, step: Step): Promise<Finding | null> {
  if (step.kind === 'probe') {
    const finding = await step.run(stand);
    return finding !== null || !step.read ? finding : balanceFinding(stand, 'after that');
  }
  const packets = step.kind === 'again' ? [stand.sent(step.label)] : stand.write(step.packets, step.moves);
  const copies = step.kind === 'again' ? 1 : step.copies;
  const exchanges = await stand.post(packets.flatMap((sent) => Array<Sent>(copies).fill(sent)));
  const taken = packets.filter((sent) =>
    exchanges.some((exchange) => exchange.payload === sent.body && stand.isAccepted(sent, exchange)),
  );
  const finding = answerFinding(stand, { packets, exchanges, taken, wanted: step.answer });
  if (finding !== null) return finding;
  if (step.kind === 'send' && step.moves === 'accepted')
    for (const { amount } of taken) stand.expected += amount;
  if (!step.read) return null;
  const times = step.kind === 'again' ? 'again' : copies > 1 ? `${copies} times at once` : '';
  return balanceFinding(stand, `after ${namesOf(packets)} ${times}`.trimEnd());
}

interface Answered {
  readonly packets: readonly Sent[];
  readonly exchanges: readonly Exchange[];
  readonly taken: readonly Sent[];
  readonly wanted: Wanted;
}

/** Null: the answers are what was wanted. */
function answerFinding(stand: Stand, { packets, exchanges, taken, wanted }: Answered): Finding | null {
  const answersTo = (sent: Sent | undefined) =>
    [
      ...new Set(exchanges.filter(({ payload }) => payload === sent?.body).map((each) => shownAnswer(each))),
    ].join('; ');
  if (wanted === 'accepted') {
    const missing = packets.find((sent) => !taken.includes(sent));
    const wish = stand.settings.slotBooster ? '200 and {"balance":n}' : '200';
    return missing === undefined ? null : { expected: `${missing.what}: ${wish}`, got: answersTo(missing) };
  }
  if (wanted === 'refused') {
    const odd = exchanges.find((exchange) => !stand.isRefused(exchange));
    return odd === undefined ? null : { expected: `${odd.what}: refused by a 4xx`, got: shownAnswer(odd) };
  }
  if (wanted === 'one' && taken.length !== 1)
    return {
      expected: `exactly one accepted of ${namesOf(packets)}, at once`,
      got: `${taken.length} accepted`,
    };
  return null;
}

async function balanceFinding(stand: Stand, when: string): Promise<Finding | null> {
  const { balance, exchange } = await stand.look();
  if (balance === stand.expected) return null;
  const got = balance === null ? shownAnswer(exchange) : stand.shown(balance);
  return { expected: `a balance of ${stand.shown(stand.expected)} ${when}`, got };
}

/** The first and the last, when there are many. */
function namesOf(packets: readonly Sent[]): string {
  const names = packets.map(({ what }) => what);
  return names.length <= 2 ? names.join(' and ') : `${names[0]} … ${names.at(-1)}`;
}
