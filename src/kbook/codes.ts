/**
 * The rain book's status codes, for the vendors' and the players' API alike. Every answer is HTTP 200 with
 * {code, message, data}: the code is a text, the message is the table's, word for word; whatever more there is to say
 * stands in `data.detail`.
 */
export const CODES = {
  '1': 'SUCCESS',
  '0': 'FAIL',
  '1001': 'ILLEGAL ARGUMENT',
  '1002': 'SOURCE NOT FOUND',
  '1003': 'CODE INSUFFICIENT BALANCE',
  '1004': 'DATE FORMAT EXCEPTION',
  '2001': 'TOKEN EXPIRE',
  '2002': 'TOKEN IP MISMATCH',
  '2003': 'NOT AUTHORIZED',
  '2004': 'PASSWORD ERROR',
  '2005': 'IP MISMATCH',
  '2006': 'REFRESH TOKEN EXPIRED',
  '2007': 'REFRESH TOKEN INVALID',
  '4001': 'GAME STATUS INVALID',
  '4002': 'MARKET STATUS INVALID',
  '4003': 'ODDS INVALID',
  '4004': 'BET LIMIT INVALID',
  '4005': 'CREDIT INVALID',
  '4006': 'EXCEED MAX EXPOSURE',
  '4007': 'PLACE BET FAILED',
  '4008': 'BETTING POOL FAILED',
  '5001': 'NOT READABLE ERROR',
  '5002': 'DATA ACCESS ERROR',
  '5003': 'CONTENT TYPE ERROR',
  '6001': 'DB UPDATE ERROR',
  '6002': 'DB SAVE ERROR',
  '8001': 'FAILED TO CALL K-RAIN API',
  '999': 'UNKNOWN ERROR',
} as const;
export type Code = keyof typeof CODES;
export type ErrorCode = Exclude<Code, '1'>;

export interface Reply {
  readonly code: Code;
  readonly message: string;
  readonly data?: unknown;
}

/** Absent data is left out, as in the contract's samples. */
export function ok(data?: unknown): Reply {
  return { code: '1', message: CODES['1'], ...(data === undefined ? {} : { data }) };
}

/** `detail` says what exactly is wrong, for a developer to read; `more` stands beside it (a BetHint's limit and odds). */
export function fail(code: ErrorCode, detail?: string, more: Readonly<Record<string, unknown>> = {}): Reply {
  const data = detail === undefined ? more : { detail, ...more };
  return { code, message: CODES[code], ...(Object.keys(data).length === 0 ? {} : { data }) };
}
