/** API keys and callback secrets of an agent. A secret is in one answer alone: that of the call that makes it. */
import { Type } from 'typebox';
import { addApiKey, revokeApiKey } from '../db/agent.ts';
import { addCallbackSecret, listCallbackSecrets, revokePreviousSecrets } from '../db/callback-secret.ts';
import { apiKeysOf, countLiveKeys, limitKey } from '../db/office-key.ts';
import { hashKey, newSecret } from '../engine/seal.ts';
import { recordAct } from './act.ts';
import { withOwnAgent, withSeamlessAgent } from './developer-own.ts';
import { ok, refuse } from './replies.ts';
import { route } from './route.ts';
import { At, Done, Line, Nullable } from './shapes.ts';

const group = 'developer';
const permission = 'developer';
const HINT_CHARS = 6;
const KEYS_MAX = 50;
const TRY_MINUTES = 15;
const TRY_LABEL = 'tried out in the back office';
const KEYS_PATH = '/developer/:agentId/keys';
const SECRETS_PATH = '/developer/:agentId/callback-secrets';

const KeyShape = Type.Object({
  id: Type.Integer(),
  hint: Type.String({ description: 'its first characters' }),
  label: Type.String(),
  createdAt: At,
  lastUsedAt: Nullable(At),
  revokedAt: Nullable(At),
  expiresAt: Nullable(At),
});
const SecretShape = Type.Object({ id: Type.Integer(), createdAt: At, revokedAt: Nullable(At) });

export const DEVELOPER_KEYS = [
  route({
    method: 'GET',
    path: KEYS_PATH,
    operationId: 'listApiKeys',
    summary: 'API keys, live ones first',
    group,
    permission,
    answer: Type.Object({ keys: Type.Array(KeyShape) }),
    handle: (call, { params }) =>
      withOwnAgent(call, params, async ({ id }) => ok({ keys: await apiKeysOf(call.sql, id) })),
  }),
  route({
    method: 'POST',
    path: KEYS_PATH,
    operationId: 'makeApiKey',
    summary: `A new API key, shown once; for trying out: one that ends after ${TRY_MINUTES} minutes`,
    group,
    permission,
    body: Type.Object(
      { label: Type.Optional(Line(1, 64)), forTrying: Type.Optional(Type.Boolean()) },
      { additionalProperties: false },
    ),
    answer: Type.Object({ id: Type.Integer(), key: Type.String(), expiresAt: Nullable(At) }),
    handle: (call, { params, body }) =>
      withOwnAgent(call, params, async ({ id: agentId, username }) => {
        if ((await countLiveKeys(call.sql, agentId)) >= KEYS_MAX)
          return refuse('too_many', { detail: `${KEYS_MAX} live keys are the most: revoke one` });
        const key = newSecret();
        const hint = key.slice(0, HINT_CHARS);
        const forTrying = body.forTrying ?? false;
        const label = forTrying ? TRY_LABEL : (body.label ?? '');
        const made = await call.sql.begin(async (tx) => {
          const id = await addApiKey(tx, { agentId, hash: hashKey(key), hint, label });
          const expiresAt = forTrying ? await limitKey(tx, id, TRY_MINUTES) : null;
          const after = { id, hint, label, expiresAt };
          await recordAct(call, tx, { action: 'agent.key.create', subject: username, agentId, after });
          return { id, expiresAt };
        });
        return ok({ ...made, key });
      }),
  }),
  route({
    method: 'DELETE',
    path: `${KEYS_PATH}/:keyId`,
    operationId: 'revokeApiKey',
    summary: 'Ends an API key at once',
    group,
    permission,
    answer: Done,
    handle: (call, { params }) =>
      withOwnAgent(call, params, async ({ id: agentId, username }) => {
        const keyId = Number(params.keyId);
        const known = (await apiKeysOf(call.sql, agentId)).find(({ id }) => id === keyId);
        if (known === undefined) return refuse('not_found');
        const revoked = await call.sql.begin(async (tx) => {
          if (!(await revokeApiKey(tx, agentId, keyId))) return false;
          const { id, hint, label } = known;
          const before = { id, hint, label };
          await recordAct(call, tx, { action: 'agent.key.revoke', subject: username, agentId, before });
          return true;
        });
        call.directory.forget();
        return revoked ? ok({ ok: true }) : refuse('conflict', { detail: 'the key was revoked before' });
      }),
  }),
  route({
    method: 'GET',
    path: SECRETS_PATH,
    operationId: 'listCallbackSecrets',
    summary: 'Secrets that callbacks are signed by, the newest first',
    group,
    permission,
    answer: Type.Object({ secrets: Type.Array(SecretShape) }),
    handle: (call, { params }) =>
      withSeamlessAgent(call, params, async ({ id }) =>
        ok({ secrets: await listCallbackSecrets(call.sql, id) }),
      ),
  }),
  route({
    method: 'POST',
    path: SECRETS_PATH,
    operationId: 'rotateCallbackSecret',
    summary: 'A fresh callback secret, shown once; the one before signs beside it until it is revoked',
    group,
    permission,
    answer: Type.Object({ secret: Type.String() }),
    handle: (call, { params }) =>
      withSeamlessAgent(call, params, async ({ id: agentId, username }) => {
        const secret = newSecret();
        await call.sql.begin(async (tx) => {
          await addCallbackSecret(tx, { agentId, sealed: call.vault.seal(secret) });
          await recordAct(call, tx, { action: 'agent.secret.rotate', subject: username, agentId });
        });
        call.directory.forget();
        return ok({ secret });
      }),
  }),
  route({
    method: 'DELETE',
    path: `${SECRETS_PATH}/previous`,
    operationId: 'revokePreviousCallbackSecrets',
    summary: 'Ends all callback secrets but the newest',
    group,
    permission,
    answer: Type.Object({ revoked: Type.Integer() }),
    handle: (call, { params }) =>
      withSeamlessAgent(call, params, async ({ id: agentId, username }) => {
        const revoked = await call.sql.begin(async (tx) => {
          const count = await revokePreviousSecrets(tx, agentId);
          const more = { revoked: count };
          await recordAct(call, tx, { action: 'agent.secret.revoke', subject: username, agentId, more });
          return count;
        });
        call.directory.forget();
        return ok({ revoked });
      }),
  }),
];
