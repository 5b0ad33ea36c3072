/** Refusals of the staff API: code, status and words, one table for all there are. */
import type { RainRefusal } from './acts.ts';

export type StaffRefusal =
  | RainRefusal
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

/** The command line says the same words. */
export const STAFF_ANSWERS: Readonly<
  Record<StaffRefusal, { readonly status: number; readonly message: string }>
> = {
  unauthenticated: { status: 401, message: 'no such key, or it was revoked' },
  forbidden: { status: 403, message: 'the role of this key does not allow it' },
  invalid_request: { status: 400, message: 'the request could not be read' },
  result_needed: { status: 400, message: 'say which result' },
  reason_needed: { status: 400, message: 'say why: the audit trail keeps it' },
  rain_mm_contradicts: {
    status: 400,
    message: "the millimetres are not what the result says of this site's threshold",
  },
  not_a_person: { status: 400, message: 'not the name of a person' },
  too_large: { status: 413, message: 'the body is too large' },
  not_found: { status: 404, message: 'no such call' },
  unknown_operator: { status: 404, message: 'no such book operator' },
  unknown_session: { status: 404, message: 'no such session' },
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
  refused: { status: 409, message: 'that is not possible' },
  no_market: { status: 409, message: 'no K-Rain is configured (KRAIN_URL)' },
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
