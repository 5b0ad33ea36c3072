/**
 * Files that go with messages: pictures, PDF and plain text, told by their bytes. They are handed out as files; a
 * picture may be shown, in a place where nothing in it could run.
 */
import { Readable } from 'node:stream';
import { Type } from 'typebox';
import { FILE_TYPES, isImage, safeName, sniff } from '../core/office/sniff.ts';
import { findAttachment, insertAttachment } from '../db/office-attachment.ts';
import { viewerOf } from './inquiries-view.ts';
import { ok, refuse } from './replies.ts';
import { type OfficeRoute, route } from './route.ts';
import { Line } from './shapes.ts';

const FILE_BYTES_MAX = 5 * 1024 * 1024;
const DAY_BYTES_MAX = 100 * 1024 * 1024;

export const ATTACHMENTS: readonly OfficeRoute[] = [
  route({
    method: 'POST',
    path: '/attachments',
    operationId: 'putAttachment',
    summary: 'A file, to be sent with a message within a day',
    group: 'inquiries',
    permission: 'ask',
    query: Type.Object({ name: Line(1, 200) }, { additionalProperties: false }),
    rawBytesMax: FILE_BYTES_MAX,
    answer: Type.Object({
      id: Type.Integer(),
      name: Type.String(),
      type: Type.Enum([...FILE_TYPES]),
      size: Type.Integer(),
    }),
    async handle({ sql, principal }, { query, body }) {
      const bytes: unknown = body;
      const type = Buffer.isBuffer(bytes) ? sniff(bytes, query.name) : null;
      if (type === null || !Buffer.isBuffer(bytes))
        return refuse('invalid_request', {
          detail: 'only PNG, JPEG, WebP, GIF, PDF and plain text are taken',
        });
      const name = safeName(query.name, type);
      const { person, agentId } = viewerOf(principal);
      const id = await insertAttachment(sql, { person, agentId, name, type, bytes }, DAY_BYTES_MAX);
      return id === null ? refuse('too_many') : ok({ id, name, type, size: bytes.length });
    },
  }),
  route({
    method: 'GET',
    path: '/attachments/:attachmentId',
    operationId: 'getAttachment',
    summary: 'A file of a message the caller sees, or one put and not sent yet',
    group: 'inquiries',
    permission: 'look',
    query: Type.Object(
      { inline: Type.Optional(Type.Enum(['yes'], { description: 'to be shown: pictures only' })) },
      { additionalProperties: false },
    ),
    answer: Type.String({ description: 'the file' }),
    async handle({ sql, principal }, { params, query }) {
      const found = await findAttachment(sql, viewerOf(principal), params.attachmentId);
      if (found === null) return refuse('not_found');
      const { name, type, bytes } = found;
      const isShown = query.inline === 'yes' && isImage(type);
      return {
        stream: Readable.from([bytes]),
        type: type.startsWith('text/') ? `${type}; charset=utf-8` : type,
        headers: {
          'content-length': String(bytes.length),
          'content-disposition': `${isShown ? 'inline' : 'attachment'}; filename="${ascii(name)}"; filename*=UTF-8''${encoded(name)}`,
          'x-content-type-options': 'nosniff',
          'content-security-policy': "sandbox; default-src 'none'",
          'cross-origin-resource-policy': 'same-origin',
        },
      };
    },
  }),
];

const ascii = (name: string) => name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
const encoded = (name: string) =>
  encodeURIComponent(name).replace(/['()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
