/** Refusals of the staff API: code, status and words, one table for all there are. */
import type { RulingRefusal } from '../rain/ruling.ts';
import type { RainRefusal } from './acts.ts';

export type StaffRefusal =
  | RainRefusal
  | RulingRefusal
  | 'unauthenticated'
  | 'forbidden'
  | 'invalid_request'
  | 'too_large'
  | 'not_found'
  | 'unknown_operator'
  | 'refused'
  | 'no_market'
  | 'retry'
  | 'internal';

interface Answer {
  readonly status: number;
  readonly message: string;
}

/** Why something of the rain book is not done. The back office and the command line say the same words. */
export const RAIN_ANSWERS: Readonly<Record<RainRefusal | RulingRefusal | 'unknown_operator', Answer>> = {
  result_needed: { status: 400, message: 'say which result' },
  reason_needed: { status: 400, message: 'say why: the audit trail keeps it' },
  rain_mm_contradicts: {
    status: 400,
    message: "the millimetres are not what the result says of this site's threshold",
  },
  not_a_person: { status: 400, message: 'not the name of a person' },
  unknown_operator: { status: 404, message: 'no such book operator' },
  unknown_session: { status: 404, message: 'no such session' },
  unknown_bet: { status: 404, message: 'no such bet' },
  already: { status: 409, message: 'it is so already' },
  wrong_status: { status: 409, message: "the session's status does not allow it" },
  no_result: { status: 409, message: 'the session has no result yet' },
  has_result: { status: 409, message: 'the session has a result: another one is a correction (resettle)' },
  same_result: { status: 409, message: 'that is its result already' },
  other_version: { status: 409, message: 'the result was corrected meanwhile' },
  too_early: { status: 409, message: 'its time has not come' },
  too_late: { status: 409, message: 'its time is over' },
  positions_left: { status: 409, message: 'not every position is posted yet' },
  same_person: { status: 409, message: 'a second person must confirm: this is the one who said it' },
  other_result: {
    status: 409,
    message: 'that is not what the other person said; where persons differ, name the result you confirm',
  },
  nothing_to_confirm: { status: 409, message: 'nobody has said a result that could be confirmed' },
  no_market: { status: 409, message: 'no K-Rain is configured (KRAIN_URL)' },
  not_in_check: { status: 409, message: 'the bet is not in CHECK: there is nothing to rule' },
  krain_silent: { status: 409, message: 'K-Rain could not be asked: its statement is needed' },
  krain_definite: { status: 409, message: "K-Rain's word is definite: the hub takes it by itself" },
  krain_may_take: { status: 409, message: 'K-Rain does not know the order yet, but would still take it' },
  cannot_be_booked: {
    status: 409,
    message: "what K-Rain's statement says cannot be booked as this bet's part",
  },
  other_statement: { status: 409, message: "K-Rain's statement is not what you have read: look again" },
  overtaken: { status: 409, message: 'something else became of it meanwhile: look again' },
};

export const STAFF_ANSWERS: Readonly<Record<StaffRefusal, Answer>> = {
  ...RAIN_ANSWERS,
  unauthenticated: { status: 401, message: 'no such key, or it was revoked' },
  forbidden: { status: 403, message: 'the role of this key does not allow it' },
  invalid_request: { status: 400, message: 'the request could not be read' },
  too_large: { status: 413, message: 'the body is too large' },
  not_found: { status: 404, message: 'no such call' },
  refused: { status: 409, message: 'that is not possible' },
  retry: { status: 503, message: 'the store could not be reached: try again' },
  internal: { status: 500, message: 'internal error' },
};

export interface StaffReply {
  readonly status: number;
  readonly body: unknown;
}

export function refuse(code: StaffRefusal, detail?: string): StaffReply {
  const { status, message } = STAFF_ANSWERS[code];
  return { status, body: { code, message: detail === undefined ? message : `${message}: ${detail}` } };
}
