/** What the hub answers to the developer pages (src/backoffice/developer-*.ts). */

export interface Settings {
  readonly agent: {
    readonly id: number;
    readonly username: string;
    readonly nickname: string;
    readonly currency: string;
    readonly wallet: 'transfer' | 'seamless';
    readonly blocked: boolean;
  };
  readonly apiBase: string;
  readonly yourAddress: string;
  readonly allowedIps: readonly string[];
  readonly browserOrigins: readonly string[];
  readonly callbackUrl: string | null;
  readonly userAgent: string;
  readonly cutoffHours: number;
  readonly slotBooster: boolean;
  readonly tls: { readonly certificate: Certificate | null; readonly ca: Certificate | null };
  readonly pacing: boolean;
  readonly feedIntervalMs: number;
}

export interface Certificate {
  readonly fingerprint: string;
  readonly validTo: string;
}

export interface ApiKey {
  readonly id: number;
  readonly hint: string;
  readonly label: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
  readonly expiresAt: string | null;
}

export interface MadeKey {
  readonly id: number;
  readonly key: string;
  readonly expiresAt: string | null;
}

export interface CallbackSecret {
  readonly id: number;
  readonly createdAt: string;
  readonly revokedAt: string | null;
}

export interface RefusedAddress {
  readonly ip: string;
  readonly refusal: 'ip_not_allowed' | 'origin_not_allowed';
  readonly count: number;
  readonly at: string;
}

export interface RequestRow {
  readonly id: number;
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly elapsedMs: number;
  readonly ip: string;
  readonly keyHint: string | null;
  readonly username: string | null;
  readonly parameters: Readonly<Record<string, string>>;
  readonly refusal: string | null;
  readonly problems: Readonly<
    Record<string, readonly { readonly code: string; readonly bound?: number }[]>
  > | null;
  readonly answer: string;
  readonly leftOut: number;
}

export type Verdict = 'accepted' | 'refused' | 'unavailable' | 'unknown' | 'delivered' | 'again';

export interface Tried {
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: readonly (readonly [string, string])[];
    readonly body: string | null;
  };
  readonly status: number | null;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | null;
  readonly elapsedMs: number;
  readonly class: string;
  readonly verdict: Verdict;
  readonly balance: string | null;
}

export interface Tested {
  readonly id: number | null;
  readonly currency: string;
  readonly before: Tried | null;
  readonly sent: Tried;
  readonly after: Tried | null;
}

export interface Run {
  readonly id: number;
  readonly username: string;
  readonly startedBy: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly state: 'running' | 'done' | 'stopped' | 'broken';
  readonly done: number;
  readonly ofAll: number;
  readonly title: string | null;
  readonly ok: boolean | null;
}

export interface CheckFound {
  readonly id: string;
  readonly title: string;
  readonly severity: 'must' | 'should';
  readonly result: 'passed' | 'failed' | 'skipped';
  readonly why: string | null;
  readonly expected: string | null;
  readonly got: string | null;
  readonly curl: readonly string[];
}

export interface Report {
  readonly ok: boolean;
  readonly seed: string;
  readonly balance: { readonly before: string | null; readonly after: string | null };
  readonly latency: {
    readonly calls: number;
    readonly p50Ms: number;
    readonly p95Ms: number;
    readonly msMax: number;
  };
  readonly problems: readonly string[];
  readonly checks: readonly CheckFound[];
}
