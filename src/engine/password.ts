/**
 * Passwords of players and of the back office: argon2id, so that a stolen table of hashes costs its thief time and memory a guess.
 * What was used to make a hash stands in it. Few are made at once: each takes MEMORY_KIB for some tens of milliseconds.
 */
import { argon2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { sameSecret } from './seal.ts';

const MEMORY_KIB = 19_456;
const PASSES = 2;
const TAG_BYTES = 32;
const AT_ONCE_MAX = 4;
const WAITING_MAX = 200;

const derive = promisify(argon2);

/** Too many wait for theirs: nothing was looked at. */
export class PasswordsBusy extends Error {}

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const tag = await tagOf(password, { salt, memory: MEMORY_KIB, passes: PASSES });
  return `argon2id$m=${MEMORY_KIB},t=${PASSES},p=1$${salt.toString('base64url')}$${tag}`;
}

/** Whether it is the password of the hash. Throws on a hash that was not made here. */
export async function isPassword(password: string, hash: string): Promise<boolean> {
  const match = /^argon2id\$m=(\d+),t=(\d+),p=1\$([\w-]+)\$([\w-]+)$/.exec(hash);
  if (match === null) throw new Error('a password hash of another kind');
  const [, memory, passes, salt = '', tag = ''] = match;
  const given = { salt: Buffer.from(salt, 'base64url'), memory: Number(memory), passes: Number(passes) };
  return sameSecret(await tagOf(password, given), tag);
}

let underWay = 0;
const waiting: (() => void)[] = [];

async function tagOf(
  password: string,
  { salt, memory, passes }: { salt: Buffer; memory: number; passes: number },
): Promise<string> {
  if (waiting.length >= WAITING_MAX) throw new PasswordsBusy();
  if (underWay >= AT_ONCE_MAX) await new Promise<void>((resolve) => waiting.push(resolve));
  else underWay += 1;
  try {
    const message = password.normalize('NFKC');
    const tag = await derive('argon2id', {
      message,
      nonce: salt,
      memory,
      passes,
      parallelism: 1,
      tagLength: TAG_BYTES,
    });
    return tag.toString('base64url');
  } finally {
    // A place goes to who waits, or is given up.
    const next = waiting.shift();
    if (next === undefined) underWay -= 1;
    else next();
  }
}
