/** Refusals of whole requests: code, status and text. Items have codes of their own inside a 200. */

export type StudioRefusal =
  | 'unauthenticated'
  | 'token_invalid'
  | 'player_blocked'
  | 'operator_refused'
  | 'operator_unavailable'
  | 'invalid_request'
  | 'too_many_items'
  | 'too_large'
  | 'unknown_transaction'
  | 'unknown_player'
  | 'unknown_game'
  | 'unknown_vendor'
  | 'detail_expired'
  | 'not_found'
  | 'retry'
  | 'internal';

const ANSWERS: Readonly<Record<StudioRefusal, { readonly status: number; readonly message: string }>> = {
  unauthenticated: { status: 401, message: 'signature missing, wrong, stale or used before' },
  token_invalid: { status: 401, message: 'no such token, or it was opened before' },
  player_blocked: { status: 403, message: 'the player may not play now' },
  operator_refused: { status: 403, message: "the player's operator does not cover the session" },
  operator_unavailable: { status: 503, message: "the player's operator could not be asked: try again" },
  invalid_request: { status: 400, message: 'the request could not be read' },
  too_many_items: { status: 400, message: 'at most 500 items a request' },
  too_large: { status: 413, message: 'the body is too large' },
  unknown_transaction: { status: 404, message: 'no transaction of that id was ever received' },
  unknown_player: { status: 404, message: 'no such player, or it has never opened a game of this studio' },
  unknown_game: { status: 404, message: 'no such game of this studio' },
  unknown_vendor: { status: 400, message: 'name one of the vendors of this studio' },
  detail_expired: { status: 410, message: 'details of that day are gone' },
  not_found: { status: 404, message: 'no such call' },
  retry: { status: 503, message: 'the store could not be reached: repeat with the same ids' },
  internal: { status: 500, message: 'internal error' },
};

export interface StudioReply {
  readonly status: number;
  readonly body: unknown;
  /** How long an operator was waited for, for the studio to see. */
  readonly operatorMs?: number;
}

export function refuse(code: StudioRefusal, detail?: string): StudioReply {
  const { status, message } = ANSWERS[code];
  return { status, body: { code, message: detail === undefined ? message : `${message}: ${detail}` } };
}
