/** Lists of addresses and networks that may call, as operators keep them. */
import { BlockList, isIP } from 'node:net';

export interface AddressList {
  has(ip: string): boolean;
}

const lists = new WeakMap<readonly string[], AddressList>();

/** A list of addresses and networks; entries that are neither are passed over. Built once a list. */
export function listOf(entries: readonly string[]): AddressList {
  const known = lists.get(entries);
  if (known !== undefined) return known;
  const blocks = new BlockList();
  for (const entry of entries) addEntry(blocks, entry);
  const list = { has: (ip: string) => has(blocks, ip) };
  lists.set(entries, list);
  return list;
}

/** True for an address or a network in CIDR form. */
export function isAddressEntry(entry: string): boolean {
  const [address = '', bits] = entry.split('/');
  const family = isIP(address);
  if (family === 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

function addEntry(blocks: BlockList, entry: string): void {
  if (!isAddressEntry(entry)) return;
  const [address = '', bits] = entry.split('/');
  const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
  if (bits === undefined) blocks.addAddress(address, family);
  else blocks.addSubnet(address, Number(bits), family);
}

function has(blocks: BlockList, ip: string): boolean {
  const plain = ip.startsWith('::ffff:') ? ip.slice(7) : ip;
  const family = isIP(plain);
  return family !== 0 && blocks.check(plain, family === 4 ? 'ipv4' : 'ipv6');
}
