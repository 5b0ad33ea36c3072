/** From items on the wire to commands of the ledger, and from its answers to results. */
import { type PlayerId, type SessionId, type StudioId, trusted } from '../core/ids.ts';
import type { Answered, Game, ItemAnswer, StudioItem } from '../core/ledger-types.ts';
import { isCurrency, parseMinor } from '../core/money.ts';
import type { Sql } from '../db/connect.ts';
import { findAnswer } from '../db/idempotency.ts';
import type { SessionOwner } from '../db/session.ts';
import { type Catalogue, type Directory, isSold, studioGameKey } from '../engine/directory.ts';
import type { Vault } from '../engine/seal.ts';
import { checks, DETAIL_BYTES_MAX, isTooDeep, type WireItem } from './wire.ts';

export interface ItemContext {
  readonly sql: Sql;
  readonly directory: Directory;
  readonly vault: Vault;
  readonly studioId: StudioId;
}

/** Checks the shape of every item. A string is what is wrong with the first bad one. */
export function readItems(list: readonly unknown[]): WireItem[] | string {
  const items: WireItem[] = [];
  for (const [index, item] of list.entries()) {
    if (!checks.item.Check(item)) return `transactions/${index}${problemOf(item)}`;
    if (item.session === undefined && item.player === undefined)
      return `transactions/${index}: session or player is needed`;
    if (item.round === undefined && (item.type === 'bet' || item.type === 'win'))
      return `transactions/${index}/round is needed`;
    if (item.type === 'cancel' && item.round === undefined && item.reference === undefined)
      return `transactions/${index}: round or reference is needed`;
    if (isTooDeep(item.detail)) return `transactions/${index}/detail is nested too deeply`;
    if (item.detail !== undefined && Buffer.byteLength(JSON.stringify(item.detail)) > DETAIL_BYTES_MAX)
      return `transactions/${index}/detail is larger than 64 KiB`;
    items.push(item);
  }
  return items;
}

function problemOf(item: unknown): string {
  const [first] = checks.item.Errors(item);
  return first === undefined ? ' is ill-formed' : `${first.instancePath} ${first.message}`;
}

/** Resolves what an item names. Nothing here decides: unknown names become nulls for the ledger to refuse. */
export async function toCommand(context: ItemContext, item: WireItem): Promise<StudioItem> {
  const [owner, catalogue] = await Promise.all([ownerOf(context, item), context.directory.catalogue()]);
  const round = item.round ?? (await roundOfReference(context, item));
  const game = await gameOf(context, catalogue, { item, owner });
  const currency = item.currency;
  const vendorAccount =
    owner === null || !isCurrency(currency)
      ? null
      : await context.directory.vendorAccount({
          agentId: owner.player.agentId,
          vendorId: game?.vendorId ?? houseVendor(catalogue, context.studioId),
          currency,
        });
  const amount = item.amount === undefined ? null : parseMinor(item.amount);
  const amountValid = item.amount === undefined ? item.type === 'cancel' : amount !== null;
  const { id, type } = item;
  return {
    kind: 'studio_item',
    studioId: context.studioId,
    id,
    type,
    content: contentOf(item, owner),
    player: owner?.player ?? null,
    sessionId: owner?.sessionId ?? null,
    vendorAccount,
    game,
    round,
    amount,
    amountValid,
    currency,
    reference: item.reference ?? null,
    closesRound: item.closesRound ?? false,
    detail: item.detail === undefined || item.detail === null ? null : JSON.stringify(item.detail),
    mayAsk: true,
    balanceAsked: false,
  };
}

/** A studio may name only sessions and players of its own. */
async function ownerOf(
  { directory, vault, studioId }: ItemContext,
  item: WireItem,
): Promise<SessionOwner | null> {
  if (item.session !== undefined) {
    const id = vault.verify('s', item.session);
    const owner = id === null ? null : await directory.sessionOwner(trusted<SessionId>(id));
    if (owner === null || owner.studioId !== studioId) return null;
    return item.player === undefined || item.player === String(owner.player.id) ? owner : null;
  }
  if (item.player === undefined || !/^\d{1,15}$/.test(item.player)) return null;
  return directory.sessionOfPlayer(trusted<PlayerId>(item.player), studioId);
}

/** A cancel that names only its bet: the bet's answer knows the round. */
async function roundOfReference({ sql, studioId }: ItemContext, item: WireItem): Promise<string | null> {
  if (item.reference === undefined) return null;
  const kept = await findAnswer(sql, studioId, item.reference);
  return kept === null ? null : ((kept.outcome as ItemAnswer).bet?.round ?? null);
}

/** Enabled: also for the player's agent. */
async function gameOf(
  { studioId, directory }: ItemContext,
  catalogue: Catalogue,
  { item, owner }: { readonly item: WireItem; readonly owner: SessionOwner | null },
): Promise<Game | null> {
  const game = catalogue.byStudioId.get(studioGameKey(studioId, item.game.id));
  if (game === undefined) return null;
  const { id, vendorId, rules } = game;
  const enabled =
    owner === null ? game.enabled : isSold(game, await directory.switchedOff(owner.player.agentId));
  return { id, vendorId, enabled, rules };
}

/** Money of an item without a known game is booked on the studio's first vendor. */
function houseVendor(catalogue: Catalogue, studioId: StudioId) {
  return catalogue.vendors.find((vendor) => vendor.studioId === studioId)?.id ?? trusted<Game['vendorId']>(0);
}

/** What an id stands for. Time, detail and the session a repeat comes through may differ. */
function contentOf(item: WireItem, owner: SessionOwner | null): string {
  const { type, game, round, amount, currency, reference, closesRound } = item;
  return JSON.stringify([
    type,
    // One spelling, whether or not the player was known when the id was first sent.
    owner === null ? (item.player ?? item.session) : String(owner.player.id),
    game.id,
    round,
    amount,
    currency,
    reference,
    closesRound === true,
  ]);
}

export function toResult(id: string, { answer, replayed }: Pick<Answered, 'answer' | 'replayed'>) {
  const { status, code, transactionId, balance } = answer;
  return { id, status, ...(code === null ? {} : { code }), transactionId, balance, replayed };
}
