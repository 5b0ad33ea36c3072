/**
 * The hub's answers, parsed at the border. Pure.
 * A field that is missing or of the wrong kind throws a WireError naming it; fields this site does not use are ignored.
 */
import { amountOfWire, type Minor } from './money.ts';

export class WireError extends Error {}

export interface AgentInfo {
  readonly id: string;
  readonly type: string;
  readonly username: string;
  readonly nickname: string;
  readonly balance: Minor;
  /** UTC, as the hub writes it. */
  readonly createdAt: string;
}

export interface HubUser {
  readonly id: string;
  readonly username: string;
  readonly balance: Minor;
  readonly createdAt: string;
  readonly lastAccessAt: string | null;
}

export interface Vendor {
  readonly key: string;
  readonly name: string;
  readonly enabled: boolean;
}

export interface Game {
  readonly id: string;
  readonly vendor: string;
  readonly title: string;
  readonly type: string;
  readonly provider: string;
  readonly thumbnail: string | null;
  readonly rank: number | null;
  /** Titles by language: ko, en, zh. */
  readonly langs: Readonly<Record<string, string>>;
}

export interface Moved {
  /** Signed, seen from the games wallet: + for add-balance, − or 0 for sub-balance. */
  readonly amount: Minor;
  readonly balance: Minor;
  readonly transactionId: string;
}

export interface RowGame {
  readonly id: string;
  readonly type: string;
  readonly round: string;
  readonly title: string;
  readonly vendor: string;
}

export interface FeedRow {
  readonly id: number;
  readonly type: string;
  readonly amount: Minor;
  readonly before: Minor;
  /** UTC with six decimals: comparable as text. */
  readonly processedAt: string;
  readonly username: string;
  readonly game: RowGame | null;
  readonly detail: unknown;
}

export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new WireError(`${what} is no object`);
  return Object.fromEntries(Object.entries(value));
}

function listOf(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new WireError(`${what} is no list`);
  return value;
}

/** Ids may be numbers or strings; here they are text. */
function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' && typeof value !== 'number') throw new WireError(`${name} is no text`);
  return String(value);
}

function textOrNull(fields: Fields, name: string): string | null {
  return fields[name] === null || fields[name] === undefined ? null : text(fields, name);
}

function amountIn(fields: Fields, name: string): Minor {
  const amount = amountOfWire(fields[name]);
  if (amount === null) throw new WireError(`${name} is no amount`);
  return amount;
}

export function agentOfWire(value: unknown): AgentInfo {
  const fields = fieldsOf(value, 'agent');
  const username = text(fields, 'username');
  return {
    id: text(fields, 'id'),
    type: textOrNull(fields, 'type') ?? '',
    username,
    nickname: textOrNull(fields, 'nickname') ?? username,
    balance: amountIn(fields, 'balance'),
    createdAt: text(fields, 'created_at'),
  };
}

export function userOfWire(value: unknown): HubUser {
  const fields = fieldsOf(value, 'user');
  return {
    id: text(fields, 'id'),
    username: text(fields, 'username'),
    balance: amountIn(fields, 'balance'),
    createdAt: text(fields, 'created_at'),
    lastAccessAt: textOrNull(fields, 'last_access_at'),
  };
}

export function usersOfWire(value: unknown): readonly HubUser[] {
  return listOf(value, 'user list').map(userOfWire);
}

/** In the hub's order. */
export function vendorsOfWire(value: unknown): readonly Vendor[] {
  return Object.entries(fieldsOf(value, 'vendor list')).map(([key, entry]) => {
    const fields = fieldsOf(entry, 'vendor');
    return { key, name: textOrNull(fields, 'name') ?? key, enabled: Number(fields.enabled) === 1 };
  });
}

export function gamesOfWire(value: unknown): readonly Game[] {
  return listOf(value, 'game list').map(gameOfWire);
}

function gameOfWire(value: unknown): Game {
  const fields = fieldsOf(value, 'game');
  const vendor = text(fields, 'vendor');
  const langs = fields.langs === null || fields.langs === undefined ? {} : fieldsOf(fields.langs, 'langs');
  return {
    id: text(fields, 'id'),
    vendor,
    title: text(fields, 'title'),
    type: textOrNull(fields, 'type') ?? 'slot',
    provider: textOrNull(fields, 'provider') ?? vendor,
    thumbnail: thumbnailOf(fields),
    rank: fields.rank === null || fields.rank === undefined ? null : Number(fields.rank),
    langs: Object.fromEntries(Object.entries(langs).map(([lang, title]) => [lang, String(title)])),
  };
}

function thumbnailOf(game: Fields): string | null {
  const single = textOrNull(game, 'thumbnail');
  if (single !== null || game.thumbnails === null || game.thumbnails === undefined) return single;
  // An empty PHP-style map arrives as [] rather than {}.
  if (Array.isArray(game.thumbnails)) return null;
  return textOrNull(fieldsOf(game.thumbnails, 'thumbnails'), '300x300');
}

/** The address a game is played at. Only http(s) is let through: it becomes the source of a frame. */
export function linkOfWire(value: unknown): string {
  const link = URL.parse(text(fieldsOf(value, 'launch'), 'link'));
  if (link === null || !/^https?:$/.test(link.protocol)) throw new WireError('link is no web address');
  return link.href;
}

export function movedOfWire(value: unknown): Moved {
  const fields = fieldsOf(value, 'movement');
  return {
    amount: amountIn(fields, 'amount'),
    balance: amountIn(fields, 'balance'),
    transactionId: textOrNull(fields, 'transaction_id') ?? '',
  };
}

/** The rows of a page as they came: they are stored as they came and parsed by `rowOfWire`. */
export function pageOfWire(value: unknown): readonly unknown[] {
  // Past the end of a window some versions answer a bare [].
  return Array.isArray(value) ? value : listOf(fieldsOf(value, 'page').data, 'data');
}

export function rowOfWire(value: unknown): FeedRow {
  const fields = fieldsOf(value, 'row');
  const id = Number(fields.id);
  if (!Number.isSafeInteger(id)) throw new WireError('row id is no integer');
  const external = fields.external ? fieldsOf(fields.external, 'external') : null;
  return {
    id,
    type: text(fields, 'type'),
    amount: amountIn(fields, 'amount'),
    before: amountIn(fields, 'before'),
    processedAt: text(fields, 'processed_at'),
    username: text(fieldsOf(fields.user, 'user'), 'username'),
    game: rowGameOf(fields.details),
    detail: external?.detail ?? null,
  };
}

function rowGameOf(details: unknown): RowGame | null {
  if (!details) return null;
  const { game } = fieldsOf(details, 'details');
  if (!game) return null;
  const fields = fieldsOf(game, 'game');
  return {
    id: text(fields, 'id'),
    type: textOrNull(fields, 'type') ?? '',
    round: text(fields, 'round'),
    title: textOrNull(fields, 'title') ?? '',
    vendor: textOrNull(fields, 'vendor') ?? '',
  };
}
