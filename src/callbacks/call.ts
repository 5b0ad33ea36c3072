/**
 * One call on the wire: what undici tells of it, made into an answer. The line between `not_sent` and `lost` is the
 * moment undici takes the request up to write it: before that not a byte has left, and a call that is given up before
 * is never written; from then on it may have arrived. Nothing is written twice.
 */
import type { Dispatcher } from 'undici';
import type { Lost, NotSent, OperatorAnswer } from '../core/delivery.ts';
import { AddressForbidden } from './guard.ts';

const GIVEN_UP = new Error('the call was given up');

export interface CallLimits {
  /** For all of it from here on: connect, headers, body. */
  readonly timeoutMs: number;
  /** So much of the body is read; then the connection is let go. */
  readonly bodyBytesMax: number;
}

/** Sends a request and waits for what comes of it. Never rejects. */
export function call(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  limits: CallLimits,
): Promise<OperatorAnswer> {
  return new Promise((resolve) => dispatcher.dispatch(request, new Call(resolve, limits)));
}

class Call implements Dispatcher.DispatchHandler {
  readonly #resolve: (answer: OperatorAnswer) => void;
  readonly #bodyBytesMax: number;
  readonly #timer: NodeJS.Timeout;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  /** 0: no status line yet. */
  #status = 0;
  #isWritten = false;
  #isOver = false;
  #controller: Dispatcher.DispatchController | null = null;

  constructor(resolve: (answer: OperatorAnswer) => void, { timeoutMs, bodyBytesMax }: CallLimits) {
    this.#resolve = resolve;
    this.#bodyBytesMax = bodyBytesMax;
    this.#timer = setTimeout(onDeadline, timeoutMs, this);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#isWritten) this.#end(lost('connection_lost'));
    if (this.#isOver) {
      controller.abort(GIVEN_UP);
    } else {
      this.#isWritten = true;
      this.#controller = controller;
    }
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    // 1xx announces the real one.
    if (status >= 200) this.#status = status;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isOver) return;
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes <= this.#bodyBytesMax) return;
    this.#end(this.#answered());
    controller.abort(GIVEN_UP);
  }

  onResponseEnd(): void {
    this.#end(this.#answered());
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#status !== 0) this.#end(this.#answered());
    else if (this.#isWritten) this.#end(lost('connection_lost'));
    else this.#end(notSent(error instanceof AddressForbidden ? 'address_forbidden' : 'unreachable'));
  }

  giveUp(): void {
    if (this.#status !== 0) this.#end(this.#answered());
    else this.#end(this.#isWritten ? lost('timed_out') : notSent('unreachable'));
    this.#controller?.abort(GIVEN_UP);
  }

  #answered(): OperatorAnswer {
    const [only] = this.#chunks;
    const bytes = this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks);
    return {
      kind: 'answered',
      status: this.#status,
      body: textOf(bytes.subarray(0, this.#bodyBytesMax)),
    };
  }

  #end(answer: OperatorAnswer): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#resolve(answer);
  }
}

function onDeadline(call: Call): void {
  call.giveUp();
}

const lost = (reason: Lost): OperatorAnswer => ({ kind: 'lost', reason });
const notSent = (reason: NotSent): OperatorAnswer => ({ kind: 'not_sent', reason });

/** What isn't UTF-8 is replaced; so is NUL, which no column holds. A byte order mark says nothing. */
function textOf(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  const plain = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  return plain.includes('\0') ? plain.replaceAll('\0', '\ufffd') : plain;
}
