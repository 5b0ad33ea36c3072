/**
 * Writes down the last calls of the operator API for those who make them. A call only leaves a note in memory; notes go
 * to the store together, once a second. Refusals are kept before successes, both within bounds by the second: what is
 * beyond is counted, not kept. Keys and tokens are never part of a note, and nothing here can fail a call.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AgentId } from '../core/ids.ts';
import type { Sql } from '../db/connect.ts';
import { insertRequests, type RequestRow } from '../db/request-log.ts';
import type { Decoded } from '../http/query.ts';
import type { Fields, Problems } from './fields.ts';
import type { XtRefusal } from './replies.ts';
import { bearerKey } from './request.ts';

/** What is known of a call besides its request and reply. */
export interface CallNote {
  agentId?: AgentId;
  /** Its parameters, and those the call knows. */
  given?: Decoded;
  fields?: Fields;
  refusal?: XtRefusal | 'fields';
  problems?: Problems;
  /** The body of a refusal. */
  answer?: string;
}

export interface RequestLog {
  /** Starts or goes on with the note of a call. */
  of(request: FastifyRequest): CallNote;
  /** The call has been answered. */
  ended(request: FastifyRequest, reply: FastifyReply): void;
  /** Writes what has gathered. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

export interface RequestLogOptions {
  readonly sql: Sql;
  readonly onError: (error: unknown) => void;
}

const FLUSH_MS = 1000;
/** So many notes a second: of one agent, and of a node. */
const KEPT_MAX = {
  done: { ofAgent: 20, ofNode: 200 },
  refused: { ofAgent: 50, ofNode: 400 },
} as const;
/** While the store is away. */
const WAITING_MAX = 1200;

const NOTE = Symbol('the note of a call');

/** On the request itself: a WeakMap of as many short-lived keys cost a tenth of all transfers in collecting them. */
function noteOf(request: FastifyRequest & { [NOTE]?: CallNote }): CallNote {
  request[NOTE] ??= {};
  return request[NOTE];
}

export function openRequestLog({ sql, onError }: RequestLogOptions): RequestLog {
  let waiting: RequestRow[] = [];
  let kept = new Map<string, number>();
  const leftOut = new Map<AgentId | null, number>();
  let writing: Promise<void> = Promise.resolve();

  /** Whether there is room for one more of this second. */
  function takesRoom(kind: keyof typeof KEPT_MAX, agentId: AgentId | null): boolean {
    const [mine, all] = [`${kind}/${agentId}`, kind];
    const [ofAgent, ofNode] = [kept.get(mine) ?? 0, kept.get(all) ?? 0];
    const max = KEPT_MAX[kind];
    if (ofAgent >= max.ofAgent || ofNode >= max.ofNode || waiting.length >= WAITING_MAX) return false;
    kept.set(mine, ofAgent + 1).set(all, ofNode + 1);
    return true;
  }
  async function write(): Promise<void> {
    kept = new Map();
    const rows = waiting;
    waiting = [];
    if (rows.length > 0) await insertRequests(sql, rows).catch(onError);
  }
  function flush(): Promise<void> {
    writing = writing.then(write);
    return writing;
  }
  const timer = setInterval(flush, FLUSH_MS).unref();
  return {
    of: noteOf,
    ended(request, reply) {
      const note = noteOf(request);
      const { agentId = null } = note;
      if (!takesRoom(reply.statusCode < 400 ? 'done' : 'refused', agentId)) {
        leftOut.set(agentId, (leftOut.get(agentId) ?? 0) + 1);
        return;
      }
      waiting.push({ ...rowOf(request, reply, note), leftOut: leftOut.get(agentId) ?? 0 });
      leftOut.delete(agentId);
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}

const PATH_CHARS_MAX = 120;
const TEXT_CHARS_MAX = 2000;
const VALUE_CHARS_MAX = 200;
const HINT_CHARS = 6;
/** Ours are longer by far; of a shorter text six characters may be most of it. */
const KEY_CHARS_MIN = 32;
/** Parameters that open doors. */
const SECRET_FIELDS: readonly string[] = ['token'];
const HIDDEN = '…';

function rowOf(request: FastifyRequest, reply: FastifyReply, note: CallNote): Omit<RequestRow, 'leftOut'> {
  const key = bearerKey(request);
  const clean = (text: string) => plain(key === null ? text : text.replaceAll(key, HIDDEN));
  const [path = ''] = request.url.split('?');
  const username = note.given?.values.get('username');
  return {
    at: new Date().toISOString(),
    agentId: note.agentId ?? null,
    method: request.method,
    path: clean(path.replace(/^\/api(?=\/|$)/, '')).slice(0, PATH_CHARS_MAX),
    status: reply.statusCode,
    elapsedMs: Math.round(reply.elapsedTime * 10) / 10,
    ip: request.ip,
    keyHint: key === null || key.length < KEY_CHARS_MIN ? null : key.slice(0, HINT_CHARS),
    username: typeof username === 'string' ? clean(username).slice(0, VALUE_CHARS_MAX) : null,
    parameters: JSON.stringify(shownParameters(note, clean)),
    refusal: note.refusal ?? null,
    problems: shownProblems(note, clean),
    answer: clean(note.answer ?? '').slice(0, TEXT_CHARS_MAX),
  };
}

/** Values of parameters the call knows. Of others the names: what is in them may be anything. */
function shownParameters(
  { given, fields }: CallNote,
  clean: (text: string) => string,
): Record<string, string> {
  const shown: Record<string, string> = {};
  let chars = 0;
  for (const [name, value] of given?.values ?? []) {
    const isShown = fields !== undefined && Object.hasOwn(fields, name) && !SECRET_FIELDS.includes(name);
    const text = isShown ? clean(typeof value === 'string' ? value : (JSON.stringify(value) ?? '')) : HIDDEN;
    const cut = text.length > VALUE_CHARS_MAX ? `${text.slice(0, VALUE_CHARS_MAX)}${HIDDEN}` : text;
    const named = clean(name).slice(0, 64);
    chars += named.length + cut.length;
    if (chars > TEXT_CHARS_MAX - 100) break;
    shown[named] = cut;
  }
  return shown;
}

/** Null: there are none, or a stranger has made up so many that no person would read them. */
function shownProblems({ problems }: CallNote, clean: (text: string) => string): string | null {
  const text = problems === undefined ? '' : clean(JSON.stringify(problems));
  return text === '' || text.length > TEXT_CHARS_MAX ? null : text;
}

/** No column holds NUL or half a character. */
const plain = (text: string) => text.replaceAll('\0', '\ufffd').toWellFormed();
