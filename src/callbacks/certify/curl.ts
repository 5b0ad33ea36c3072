/** The calls of a check as curl commands: what an integrator repeats to see it fail. Signed at this moment. */
import { oddHeaders } from './odd.ts';
import type { Exchange, Stand } from './stand.ts';

/** All that was posted, in its order, and the balance that was read last. Calls made at once end in `&`. */
export function curlsOf(stand: Stand, exchanges: readonly Exchange[]): string[] {
  const shown = exchanges.filter(
    ({ method, odd }, index) => method === 'POST' || odd !== null || index === exchanges.length - 1,
  );
  return shown.flatMap((exchange, index) => {
    const command = curlOf(stand, exchange);
    if (exchange.group === null) return [command];
    const isLast = shown[index + 1]?.group !== exchange.group;
    return isLast ? [`${command} &`, 'wait'] : [`${command} &`];
  });
}

function curlOf(stand: Stand, { method, payload, odd }: Exchange): string {
  const headers = oddHeaders(stand, payload, odd ?? {});
  const words = ['curl', '-i'];
  for (let i = 0; i < headers.length; i += 2) words.push('-H', quoted(`${headers[i]}: ${headers[i + 1]}`));
  const { tls, callbackUrl } = stand.target;
  // The files are the caller's; here only what was in them is known.
  if (tls?.cert != null) words.push('--cert', '"$CERT"', '--key', '"$KEY"');
  if (tls?.ca != null) words.push('--cacert', '"$CA"');
  const base = (callbackUrl ?? '').replace(/\/+$/, '');
  if (method === 'GET') return [...words, quoted(`${base}/balance?${payload}`)].join(' ');
  return [...words, '--data-binary', quoted(payload), quoted(`${base}/changeBalance`)].join(' ');
}

/** One word for a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
