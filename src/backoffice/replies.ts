/**
 * Refusals of the back office's API: code, status and words, one table for all there are. The page says them in the
 * person's language, from its catalogues; a test keeps the two together.
 */
import { RAIN_ANSWERS } from '../staff/replies.ts';

/** Status and English words of every refusal. `detail` may follow the words; `fields` names what is wrong by field. */
export const OFFICE_ANSWERS = {
  ...RAIN_ANSWERS,
  unauthenticated: { status: 401, message: 'sign in first' },
  bad_credentials: { status: 401, message: 'the name or the password is wrong' },
  bad_code: { status: 401, message: 'the code is wrong or was used before' },
  locked: { status: 429, message: 'too many wrong tries: wait' },
  second_factor_needed: { status: 401, message: 'say the code of your authenticator' },
  enrolment_needed: { status: 403, message: 'set up your authenticator first' },
  bad_link: { status: 401, message: 'the link was used before, has expired, or never was one' },
  weak_password: { status: 422, message: 'the password is too short or too well known' },
  csrf: { status: 403, message: 'the request did not come from the back office page' },
  forbidden: { status: 403, message: 'your role does not allow it' },
  invalid_request: { status: 422, message: 'the request could not be read' },
  too_large: { status: 413, message: 'that is too large' },
  not_found: { status: 404, message: 'there is no such thing' },
  taken: { status: 409, message: 'the name is taken' },
  conflict: { status: 409, message: 'it was changed meanwhile, or is so already' },
  second_person_needed: { status: 409, message: 'a second person must do this: you are the first' },
  reason_needed: { status: 422, message: 'say why: the audit trail keeps it' },
  pot_too_low: { status: 409, message: 'the POT is too low' },
  refused: { status: 409, message: 'that is not possible' },
  unknown_callback: { status: 409, message: 'the callback has ended: nothing of it is outstanding' },
  bet_in_flight: {
    status: 409,
    message:
      'the operator is being asked just now about this bet, or about another of this user, before which nothing can be put: try again in a moment',
  },
  already_resolved: { status: 409, message: 'the callback was resolved by hand before' },
  too_many: { status: 429, message: 'too many of these at a time' },
  overloaded: { status: 503, message: 'the hub is overloaded: nothing was done, try again' },
  unknown: {
    status: 503,
    message: 'the store could not be reached: whether it was done is not known; look before you repeat',
  },
  internal: { status: 500, message: 'internal error' },
} as const satisfies Record<string, { readonly status: number; readonly message: string }>;

export type OfficeRefusal = keyof typeof OFFICE_ANSWERS;

export interface OfficeReply {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfterMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RefusalMore {
  /** Follows the words; for people. */
  readonly detail?: string;
  /** What is wrong, by field. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly retryAfterMs?: number;
}

export function ok(body: unknown): OfficeReply {
  return { status: 200, body };
}

export function refuse(code: OfficeRefusal, more: RefusalMore = {}): OfficeReply {
  const { status, message } = OFFICE_ANSWERS[code];
  const { detail, fields, retryAfterMs } = more;
  return {
    status,
    body: {
      code,
      message: detail === undefined ? message : `${message}: ${detail}`,
      ...(detail === undefined ? {} : { detail }),
      ...(fields === undefined ? {} : { fields }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    },
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}
