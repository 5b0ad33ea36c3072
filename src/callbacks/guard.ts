/**
 * Which addresses a callback may reach. An operator chooses its own callback URL, so without this it could make the
 * hub speak to the hub's own network. Every connect is checked: an address written out, and all addresses a name
 * stands for at that moment; the connection goes to one of those that were checked, and no name is resolved twice.
 * Allowed is what is public, and what the settings name.
 */
import { lookup as lookupAddresses } from 'node:dns/promises';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';

/** Networks of IPv4 nobody is reached in from outside (IANA special-purpose registry). */
const CLOSED_4 = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // carriers' NAT
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local, and the metadata services of clouds
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, broadcast
];
/** All that is handed out of IPv6. Unique local, link-local, multicast, loopback are outside of it. */
const OPEN_6 = ['2000::/3'];
const CLOSED_6 = [
  '2001::/23', // protocol assignments, Teredo among them
  '2001:db8::/32', // documentation
  '3fff::/20', // documentation
];
const LOOPBACK = ['127.0.0.0/8', '::1/128'];

export interface Network {
  readonly address: string;
  readonly bits: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** An address, or a network in CIDR form. Null: neither. */
export function parseNetwork(text: string): Network | null {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || address.includes('%') || more.length > 0) return null;
  const bitsMax = version === 4 ? 32 : 128;
  if (bits !== undefined && (!/^\d{1,3}$/.test(bits) || Number(bits) > bitsMax)) return null;
  return {
    address,
    bits: bits === undefined ? bitsMax : Number(bits),
    family: version === 4 ? 'ipv4' : 'ipv6',
  };
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of networks) {
    const network = parseNetwork(text);
    if (network === null) throw new Error(`not an address or network: ${text}`);
    list.addSubnet(network.address, network.bits, network.family);
  }
  return list;
}

const closed4 = listOf(CLOSED_4);
const open6 = listOf(OPEN_6);
const closed6 = listOf(CLOSED_6);

/** A connection that was not made because of where it would have led. */
export class AddressForbidden extends Error {
  constructor(address: string) {
    super(`a callback may not lead to ${address}`);
  }
}

export interface Guard {
  /** Whether a callback may reach this address. */
  allows(address: string): boolean;
  /** For the socket: resolves a name, and fails when any of its addresses is forbidden. */
  readonly lookup: LookupFunction;
}

export type Resolve = (
  hostname: string,
) => Promise<readonly { readonly address: string; readonly family: number }[]>;

export interface GuardOptions {
  readonly allowLoopback: boolean;
  /** Networks that are allowed though they are not public. */
  readonly allowedNetworks: readonly string[];
  readonly resolve?: Resolve;
}

export function createGuard({ allowLoopback, allowedNetworks, resolve }: GuardOptions): Guard {
  const named = listOf([...allowedNetworks, ...(allowLoopback ? LOOPBACK : [])]);
  const allows = (address: string): boolean => {
    const version = isIP(address);
    if (version === 4) return named.check(address) || !closed4.check(address);
    if (version === 0) return false;
    const { mapped, tunnelled } = innerAddress(address);
    if (mapped !== null) return allows(mapped);
    if (named.check(address, 'ipv6')) return true;
    if (tunnelled !== null) return !closed4.check(tunnelled);
    return open6.check(address, 'ipv6') && !closed6.check(address, 'ipv6');
  };
  const look = steady(shared(resolve ?? ((hostname) => lookupAddresses(hostname, { all: true }))));
  return { allows, lookup: guardedLookup(look, allows) };
}

/** The IPv4 address within an IPv6 one: the same host written differently, or one behind a translator. */
function innerAddress(address: string): { mapped: string | null; tunnelled: string | null } {
  const groups = groupsOf(address);
  const dotted = (high = 0, low = 0) => `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
  const starts = (...prefix: number[]) => prefix.every((group, index) => groups[index] === group);
  if (starts(0, 0, 0, 0, 0, 0xffff)) return { mapped: dotted(groups[6], groups[7]), tunnelled: null };
  if (starts(0x64, 0xff9b, 0, 0, 0, 0)) return { mapped: null, tunnelled: dotted(groups[6], groups[7]) };
  if (starts(0x2002)) return { mapped: null, tunnelled: dotted(groups[1], groups[2]) };
  return { mapped: null, tunnelled: null };
}

/** The eight groups of an IPv6 address. */
function groupsOf(address: string): number[] {
  // The URL parser writes every spelling one way: hexadecimal, with the zeros left out once.
  const plain = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [left = [], right = []] = plain
    .split('::')
    .map((half) => half.split(':').filter((group) => group !== ''));
  const zeros = Array<string>(8 - left.length - right.length).fill('0');
  return [...left, ...zeros, ...right].map((group) => Number.parseInt(group, 16));
}

/** Sockets that ask for one name at the same time share the answer: a slow name server holds one thread, not many. */
function shared(resolve: Resolve): Resolve {
  const running = new Map<string, ReturnType<Resolve>>();
  return (hostname) => {
    const known = running.get(hostname);
    if (known !== undefined) return known;
    const mine = resolve(hostname);
    running.set(hostname, mine);
    const forget = () => running.delete(hostname);
    mine.then(forget, forget);
    return mine;
  };
}

const SLOW_MS = 300;
const REMEMBERED_MAX = 2000;

/**
 * While a name server is slow or away, a name stands for what it last stood for. Look-ups wait for few threads: one
 * operator's dead name server must not keep the others' calls.
 */
function steady(resolve: Resolve): Resolve {
  const last = new Map<string, Awaited<ReturnType<Resolve>>>();
  const remember = (hostname: string, found: Awaited<ReturnType<Resolve>>) => {
    last.delete(hostname);
    last.set(hostname, found);
    if (last.size > REMEMBERED_MAX) last.delete(last.keys().next().value ?? '');
    return found;
  };
  return (hostname) => {
    const fresh = resolve(hostname).then((found) => remember(hostname, found));
    const known = last.get(hostname);
    if (known === undefined) return fresh;
    return new Promise((done, fail) => {
      const timer = setTimeout(done, SLOW_MS, known);
      const failed = (error: { code?: unknown }) => (error.code === 'EAI_AGAIN' ? done(known) : fail(error));
      void fresh.then(done, failed).finally(() => clearTimeout(timer));
    });
  };
}

function guardedLookup(resolve: Resolve, allows: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (found) => {
        const wanted = options.family === 4 || options.family === 6 ? options.family : null;
        const usable = found.filter(({ family }) => wanted === null || family === wanted);
        const forbidden = usable.find(({ address }) => !allows(address));
        const [first] = usable;
        if (forbidden !== undefined) return callback(new AddressForbidden(forbidden.address), []);
        if (first === undefined) return callback(new Error(`no address of ${hostname}`), []);
        if (options.all) callback(null, [...usable]);
        else callback(null, first.address, first.family);
      },
      (error) => callback(error, []),
    );
  };
}

/** What every connection is verified by, and shows of itself. PEM. */
export interface ConnectorTls {
  readonly cert: string | null;
  readonly key: string | null;
  readonly ca: string | null;
}

/** A connector for undici that reaches allowed addresses only. TLS is verified always. */
export function guardedConnector(
  guard: Guard,
  { tls, timeoutMs }: { tls: ConnectorTls | null; timeoutMs: number },
): buildConnector.connector {
  const connect = buildConnector({
    lookup: guard.lookup,
    timeout: timeoutMs,
    allowH2: false,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    ...(tls?.ca == null ? {} : { ca: tls.ca }),
    ...(tls?.cert == null || tls.key === null ? {} : { cert: tls.cert, key: tls.key }),
  });
  return (options, callback) => {
    // A name is checked when it is resolved; an address written out never is.
    if (isIP(options.hostname) !== 0 && !guard.allows(options.hostname))
      queueMicrotask(() => callback(new AddressForbidden(options.hostname), null));
    else connect(options, callback);
  };
}
