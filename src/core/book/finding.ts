/**
 * When a result counts. Findings are what persons, or the weather source, say the result of a session is; each speaks
 * once a round and may change its mind until the round is over. A result counts when two different persons stand for
 * it. The source is nobody: beside persons its word is a proposal only. Where a site is automatic it counts at once,
 * unless a person stands for something else: then two persons decide.
 */
import type { StatedResult } from './session-machine.ts';

/** Who speaks for the weather source. No person may be called so. */
export const WEATHER = 'weather';
/** No session has so much; it is also where the column ends. */
const RAIN_MM_END = 100_000;

export interface Finding {
  readonly by: string;
  readonly result: StatedResult;
  readonly rainMm: number | null;
}

export type FindingRefusal =
  | 'not_a_person' // no name, or the source's
  | 'same_person' // only the one who wants to confirm stands for it
  | 'other_result' // others stand for something else; or persons differ, and it was not said which result is meant
  | 'nothing_to_confirm';

export type FindingDecision =
  | {
      readonly ok: true;
      /** What is to be kept, in place of what the same one said before. */
      readonly finding: Finding;
      /** The result is taken: by these. */
      readonly counts: boolean;
      readonly standing: readonly string[];
      /** Who says otherwise. */
      readonly against: readonly string[];
      /** The rain it goes by: as those who stand for it say, the last first, or else as the source does. */
      readonly rainMm: number | null;
    }
  | { readonly ok: false; readonly code: FindingRefusal };

/** A person states a result: the first one, another, or the same as somebody did, which is as good as confirming. */
export function decideStatement(findings: readonly Finding[], stated: Finding): FindingDecision {
  if (!isPerson(stated.by)) return { ok: false, code: 'not_a_person' };
  return weigh(findings, stated, (persons) => persons.length >= 2);
}

/**
 * A person confirms what another has stated; `result` says what it believes that to be, null: whatever it is. Where
 * persons differ, the one who confirms among them, it must be named: nobody gives in without saying so.
 */
export function decideConfirmation(
  findings: readonly Finding[],
  confirmed: Omit<Finding, 'result'> & { readonly result: StatedResult | null },
): FindingDecision {
  const { by, result, rainMm } = confirmed;
  if (!isPerson(by)) return { ok: false, code: 'not_a_person' };
  const persons = findings.filter((each) => isPerson(each.by));
  const others = new Set(persons.filter((each) => !isSame(each.by, by)).map((each) => each.result));
  if (others.size === 0)
    return { ok: false, code: persons.length === 0 ? 'nothing_to_confirm' : 'same_person' };
  const [only, ...more] = new Set(persons.map((each) => each.result));
  const meant = result ?? (more.length === 0 ? only : undefined);
  if (meant === undefined || !others.has(meant)) return { ok: false, code: 'other_result' };
  return decideStatement(findings, { by, result: meant, rainMm });
}

/** The source has an opinion. */
export function decideWeather(
  findings: readonly Finding[],
  told: Omit<Finding, 'by'>,
  site: { readonly automatic: boolean },
): FindingDecision {
  const isDisputed = findings.some((each) => isPerson(each.by) && each.result !== told.result);
  return weigh(findings, { ...told, by: WEATHER }, () => site.automatic && !isDisputed);
}

function weigh(
  findings: readonly Finding[],
  finding: Finding,
  isEnough: (persons: readonly Finding[]) => boolean,
): FindingDecision {
  // The latest first.
  const all = [finding, ...findings.filter((each) => !isSame(each.by, finding.by)).toReversed()];
  const alike = all.filter((each) => each.result === finding.result);
  const persons = alike.filter((each) => isPerson(each.by));
  const known = [...persons, ...alike].find((each) => each.rainMm !== null);
  return {
    ok: true,
    finding,
    counts: isEnough(persons),
    standing: alike.map(({ by }) => by),
    against: all.filter((each) => each.result !== finding.result).map(({ by }) => by),
    rainMm: known?.rainMm ?? null,
  };
}

/** True when the millimetres are not what the result says, or none of a gauge's: whole hundredths. VOID has nothing to do with rain. */
export function contradicts({ result, rainMm }: Finding, thresholdMm: number): boolean {
  if (rainMm === null) return false;
  const isHundredths = Math.round(rainMm * 100) / 100 === rainMm;
  if (!isHundredths || rainMm < 0 || rainMm >= RAIN_MM_END) return true;
  return result !== 'VOID' && rainMm >= thresholdMm !== (result === 'RAIN');
}

export function isPerson(by: string): boolean {
  return nameKey(by) !== '' && !isSame(by, WEATHER);
}

/** One person under two spellings is still one. */
export function isSame(one: string, other: string): boolean {
  return nameKey(one) === nameKey(other);
}

function nameKey(by: string): string {
  return by.normalize('NFKC').trim().toLowerCase();
}
