/**
 * A call of the back office's API, described: who may, what it takes, what it answers, and the function that does it.
 * Each noun has a file with its table of routes; `routes.ts` turns the tables into routes.
 */
import type { Readable } from 'node:stream';
import type { Static, TSchema } from 'typebox';
import type { Outreach } from '../callbacks/outreach.ts';
import type { AgentId } from '../core/ids.ts';
import type { OfficeRole, Permission } from '../core/office/roles.ts';
import type { Sql } from '../db/connect.ts';
import type { BookDirectory } from '../engine/book-directory.ts';
import type { Directory } from '../engine/directory.ts';
import type { LedgerWriter } from '../engine/ledger-writer.ts';
import type { Vault } from '../engine/seal.ts';
import type { Rain } from '../rain/rain.ts';
import type { OfficeReply } from './replies.ts';

/** What every call has at hand. */
export interface OfficeParts {
  readonly sql: Sql;
  readonly directory: Directory;
  readonly book: BookDirectory;
  readonly writer: LedgerWriter;
  readonly vault: Vault;
  readonly outreach: Outreach;
  readonly rain: Rain;
  /** Base address by which the outside reaches this hub; null = as whoever asks has reached it. */
  readonly publicUrl: string | null;
  /** The hub runs with its demo beside it. */
  readonly demo: boolean;
}

/** Whose rows may be seen and changed. */
export type Scope =
  | { readonly kind: 'house' }
  /** This agent and those below it. */
  | { readonly kind: 'agent'; readonly agentId: AgentId };

export interface Principal {
  /** The person's name, as the audit trail keeps it. One person has one name, by whatever way they came. */
  readonly person: string;
  readonly role: OfficeRole;
  /** Of the role; fewer for who came by a link. */
  readonly permissions: readonly Permission[];
  readonly scope: Scope;
  /** False: the second factor is still missing; only calls that need no more than 'enrol' are open. */
  readonly proven: boolean;
  /** Null: came by a link or with a staff key. */
  readonly userId: number | null;
  /** Null: with a staff key. */
  readonly sessionId: number | null;
  readonly language: 'en' | 'ko' | 'zh';
  /** IANA name. */
  readonly timeZone: string;
}

export interface OfficeCall extends OfficeParts {
  readonly principal: Principal;
  readonly ip: string;
  readonly browser: string;
  /** Scheme and host this call reached the hub by, without a slash at its end. */
  readonly base: string;
}

/** A call of an open route: whoever is signed in already may make one too. */
export type OpenCall = Omit<OfficeCall, 'principal'> & { readonly principal?: Principal };

/** Ids in addresses. A test calls every route that has one with ids of another agent's things. */
export type IdName =
  | 'agentId'
  | 'playerId'
  | 'transferId'
  | 'roundId'
  | 'callbackId'
  | 'requestId'
  | 'threadId'
  | 'messageId'
  | 'attachmentId'
  | 'userId'
  | 'sessionId'
  | 'keyId'
  | 'rainSessionId'
  | 'betId'
  | 'bookPlayerId'
  | 'visitId'
  | 'vendorId'
  | 'gameId'
  | 'studioId'
  | 'operatorId'
  | 'noticeId'
  | 'faqId'
  | 'limitId'
  | 'orderId'
  | 'runId'
  | 'name';

export type Params = Readonly<Record<IdName, string>>;

export interface OfficeRoute {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Below /office/v1, with `:names` of IdName. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly group: string;
  /**
   * What the role must hold. 'self': anyone signed in. 'open': anyone at all, signed in or not (then `call.principal` is
   * absent: such routes take an OpenCall).
   */
  readonly permission: Permission | 'self' | 'open' | 'enrol';
  readonly query?: TSchema;
  readonly body?: TSchema;
  /** The body is bytes of any type (`body` is then a Buffer), at most so many. */
  readonly rawBytesMax?: number;
  readonly answer: TSchema;
  readonly handle: (call: OfficeCall, input: never) => Promise<OfficeReply | Streamed>;
}

/** An answer that is sent while it is made. */
export interface Streamed {
  readonly stream: Readable;
  readonly type: string;
  readonly headers: Readonly<Record<string, string>>;
}

type Given<S> = S extends TSchema ? Static<S> : undefined;
type Described<Q, B> = Omit<OfficeRoute, 'query' | 'body' | 'handle'> & {
  readonly query?: Q & TSchema;
  readonly body?: B & TSchema;
  readonly handle: (
    call: OfficeCall,
    input: { readonly params: Params; readonly query: Given<Q>; readonly body: Given<B> },
  ) => Promise<OfficeReply | Streamed>;
};

/** Ties the shapes to what the function takes. */
export function route<Q = undefined, B = undefined>(described: Described<Q, B>): OfficeRoute {
  return described as unknown as OfficeRoute;
}
