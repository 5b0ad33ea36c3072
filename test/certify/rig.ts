/** Certification of an operator that lives for one run, on a port of the system's choice. */
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type CertifyOptions, runCertification } from '../../src/callbacks/certify/certify.ts';
import type { CheckReport, Report } from '../../src/callbacks/certify/report.ts';

export const USERNAME = 'player01';

/** Serves a listener while `run` uses it; over TLS when there are settings for it. */
export async function serving<Result>(
  listener: RequestListener,
  run: (url: string) => Promise<Result>,
  tls: ServerOptions | null = null,
): Promise<Result> {
  const server = tls === null ? createServer(listener) : createSecureServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await run(
      `${tls === null ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}/wallet`,
    );
  } finally {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }
}

export function certified(
  listener: RequestListener,
  different: Partial<CertifyOptions> = {},
): Promise<Report> {
  return serving(listener, (callbackUrl) => runCertification({ ...standard(callbackUrl), ...different }));
}

export const standard = (callbackUrl: string): CertifyOptions => ({
  callbackUrl,
  username: USERNAME,
  currency: 'USD',
  userAgent: 'GuzzleHttp/7',
  secret: null,
  tls: null,
  slotBooster: false,
  client: { allowLoopback: true, allowedNetworks: [] },
});

/** A client that soon takes silence for it. */
export const IMPATIENT: CertifyOptions['client'] = {
  ...{ allowLoopback: true, allowedNetworks: [] },
  ...{ questionTimeoutMs: 1000, messageTimeoutMs: 1000 },
};

export const idsBy = ({ checks }: Report, result: CheckReport['result']): string[] =>
  checks.filter((check) => check.result === result).map(({ id }) => id);

/** What a person needs to see when a report is not as expected. */
export const findings = ({ checks, problems, seed }: Report): string =>
  [
    `seed ${seed}`,
    ...problems,
    ...checks
      .filter(({ result }) => result === 'failed')
      .map(({ id, expected, got }) => `${id}: expected ${expected}; got ${got}`),
  ].join('\n');
