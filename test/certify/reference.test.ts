/** The reference operator is certified; each fault it can be given makes the right checks fail. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDesk } from '../../sim/operator/seamless-desk.ts';
import { FAULTS, type Fault, faultSettingsOf } from '../../sim/operator/seamless-faults.ts';
import type { CertifyOptions } from '../../src/callbacks/certify/certify.ts';
import { CHECKS } from '../../src/callbacks/certify/checks.ts';
import { certified, findings, IMPATIENT, idsBy, USERNAME } from './rig.ts';

const SECRET = 'a secret of the test';

async function reference(faults: Readonly<Record<string, unknown>>, different: Partial<CertifyOptions> = {}) {
  const { currency = 'USD', secret = null, username = USERNAME } = different;
  const settings = faultSettingsOf(faults);
  assert.ok(typeof settings !== 'string', String(settings));
  const desk = openDesk({ path: ':memory:', currency, secret, openWith: null, faults: settings });
  try {
    desk.books.cash(username, 1_000_000n);
    return await certified(desk.callbacks, different);
  } finally {
    desk.close();
  }
}

const SETTINGS: readonly Partial<CertifyOptions>[] = [
  { currency: 'KRW' },
  { currency: 'USD', slotBooster: true },
  { currency: 'KWD', secret: SECRET },
  { currency: 'KRW', secret: SECRET, slotBooster: true, username: '홍길동 Kim' },
];

for (const settings of SETTINGS) {
  test(`the reference operator is certified: ${JSON.stringify(settings)}`, async () => {
    const report = await reference({}, settings);
    assert.deepEqual(idsBy(report, 'failed'), [], findings(report));
    const inapplicable = [
      ...(settings.currency === 'KRW' ? ['decimals'] : []),
      ...(settings.slotBooster ? [] : ['answer-balance']),
      ...(settings.secret ? [] : CHECKS.map(({ id }) => id).filter((id) => id.startsWith('signature-'))),
    ];
    assert.deepEqual(idsBy(report, 'skipped').toSorted(), inapplicable.toSorted());
    assert.ok(report.ok, findings(report));
  });
}

interface Row {
  readonly faults: Readonly<Record<string, unknown>>;
  readonly options?: Partial<CertifyOptions>;
  readonly fails: readonly string[];
  /** Of all others these must pass; absent: all. */
  readonly passes?: readonly string[];
}

const BALANCES = ['balance-known', 'balance-decimals', 'balance-unknown', 'balance-encoding'];
const CANCELS = CHECKS.map(({ id }) => id).filter(
  (id) => id.startsWith('cancel') || id.startsWith('bundle-cancel'),
);
const PROMOTION = ['promo-win', 'details-null', 'types-apart', 'ids-last-digit'];

const ROWS: Readonly<Record<Fault, readonly Row[]>> = {
  delay: [
    {
      faults: { delay: 1, delayMs: 1500, only: ['charge'] },
      options: { client: IMPATIENT },
      fails: ['charge-exact', 'charge-over-balance', 'refusal-status', 'latency-limit'],
    },
  ],
  dropBefore: [
    {
      faults: { dropBefore: 1, only: ['cancel'] },
      fails: [...CANCELS, 'referer-exact', 'latency-limit'],
    },
    {
      faults: { dropBefore: 1 },
      fails: ['balance-known', 'balance-unknown', 'user-agent', 'no-redirect', 'latency-limit'],
      passes: [],
    },
  ],
  error: [
    { faults: { error: 1, only: ['cancel'] }, fails: [...CANCELS, 'referer-exact'] },
    { faults: { error: 1, only: ['promo_win'] }, fails: PROMOTION },
  ],
  redirect: [
    {
      faults: { redirect: 1, only: ['win'] },
      fails: ['no-redirect', 'win-exact', 'win-zero', 'bundle-win'],
      passes: [...BALANCES, 'bet-exact', 'cancel-exact', 'promo-win'],
    },
    {
      faults: { redirect: 1, only: ['bet'] },
      fails: ['no-redirect', 'bet-exact', 'refusal-status'],
      passes: [...BALANCES, 'bet-over-balance', 'charge-exact', 'cancel-unknown', 'promo-win'],
    },
  ],
  duplicate: [
    {
      faults: { duplicate: 1, only: ['win'] },
      fails: ['win-repeat', 'win-repeat-at-once', 'win-repeat-later'],
    },
    {
      faults: { duplicate: 1, only: ['promo_win', 'adjust', 'charge', 'exceed_credit'] },
      fails: ['promo-win', 'adjust-plus', 'adjust-minus', 'charge-exact', 'exceed-credit', 'ids-last-digit'],
    },
  ],
  dropAfter: [
    { faults: { dropAfter: 1, only: ['promo_win'] }, fails: [...PROMOTION, 'latency-limit'] },
    {
      faults: { dropAfter: 1, only: ['bet'] },
      fails: ['bet-exact', 'bet-repeat', 'latency-limit'],
      passes: [...BALANCES, 'charge-exact', 'promo-win', 'adjust-plus'],
    },
  ],
  errorAfter: [
    { faults: { errorAfter: 1, only: ['promo_win'] }, fails: PROMOTION },
    {
      faults: { errorAfter: 1, only: ['charge'] },
      fails: ['charge-exact', 'refusal-status'],
    },
  ],
  oddStatus: [
    {
      faults: { oddStatus: 1, only: ['charge'] },
      fails: ['charge-exact', 'charge-over-balance', 'refusal-status'],
    },
  ],
  garbage: [
    // The body says nothing where the balance is not wanted.
    { faults: { garbage: 1, only: ['win', 'cancel'] }, fails: [] },
    {
      faults: { garbage: 1, only: ['bet'] },
      options: { slotBooster: true },
      fails: ['answer-balance', 'bet-exact', 'win-exact'],
      passes: [...BALANCES, 'charge-exact', 'promo-win'],
    },
    { faults: { garbage: 1, only: ['balance'] }, fails: ['balance-known'], passes: [] },
  ],
  wrongBalance: [
    { faults: { wrongBalance: 1, only: ['bet'] }, fails: [] },
    { faults: { wrongBalance: 1, only: ['bet'] }, options: { slotBooster: true }, fails: ['answer-balance'] },
    {
      faults: { wrongBalance: 1, only: ['balance'] },
      fails: ['bet-whole-balance', 'last-money-at-once'],
      passes: [...BALANCES, 'bet-exact', 'win-exact', 'cancel-exact'],
    },
  ],
};

for (const fault of Object.keys(FAULTS) as Fault[]) {
  for (const { faults, options, fails, passes } of ROWS[fault]) {
    test(`fault ${JSON.stringify(faults)}${options?.slotBooster ? ' with slot booster' : ''}`, async () => {
      const report = await reference(faults, options);
      const failed = idsBy(report, 'failed');
      const mustPass = passes ?? CHECKS.map(({ id }) => id).filter((id) => !fails.includes(id));
      assert.deepEqual(
        failed.filter((id) => mustPass.includes(id)),
        [],
        findings(report),
      );
      assert.deepEqual(
        fails.filter((id) => !failed.includes(id)),
        [],
        findings(report),
      );
      assert.equal(report.balance.after, report.balance.before);
    });
  }
}
