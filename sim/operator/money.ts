/**
 * Money of the sites of this process: bigint minor units of their one currency (CURRENCY; KRW, which has no decimals).
 * Numbers exist on the wire only.
 */
export type Minor = bigint;

const SIGNS: Readonly<Record<string, string>> = { KRW: '₩', USD: '$' };
/** Most that a person may type: 10^12 units. */
const UNITS_MAX = 1_000_000_000_000n;

/** ISO 4217; all others have two. */
const DECIMALS: Readonly<Record<string, number>> = {
  ...{ KRW: 0, JPY: 0, VND: 0, CLP: 0, ISK: 0, PYG: 0, UGX: 0, XAF: 0, XOF: 0 },
  ...{ KWD: 3, BHD: 3, JOD: 3, OMR: 3, TND: 3 },
};

export const decimalsOf = (currency: string) => DECIMALS[currency] ?? 2;

/** Reading and writing amounts of one currency. */
export function moneyIn(currency: string) {
  const decimals = decimalsOf(currency);
  const unit = 10n ** BigInt(decimals);
  const sign = SIGNS[currency] ?? `${currency} `;

  /** Digits, and decimals that are zero beyond the currency's own. */
  function ofDecimal(text: string): Minor | null {
    const match = /^(-?)(\d{1,16})(?:\.(\d+))?$/.exec(text);
    const [, minus, whole, fraction = ''] = match ?? [];
    if (whole === undefined || /[^0]/.test(fraction.slice(decimals))) return null;
    const minor = BigInt(whole) * unit + BigInt(fraction.slice(0, decimals).padEnd(decimals, '0') || '0');
    return minus === '-' ? -minor : minor;
  }

  function plain(amount: Minor): string {
    const digits = (amount < 0n ? -amount : amount).toString().padStart(decimals + 1, '0');
    const whole = digits.slice(0, digits.length - decimals);
    return decimals === 0 ? whole : `${whole}.${digits.slice(-decimals)}`;
  }

  /** "₩1,234,567" or "$1,234.50", with a real minus sign. */
  function amountText(amount: Minor): string {
    const [whole = '', fraction] = plain(amount).split('.');
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
    return `${amount < 0n ? '−' : ''}${sign}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
  }

  return {
    currency,
    decimals,
    amountText,

    /** Reads an amount as the hub writes it (1000, "1000", "1000.00"); null when it is none of the currency. */
    amountOfWire(value: unknown): Minor | null {
      if (typeof value === 'number')
        return Number.isSafeInteger(Math.trunc(value)) ? ofDecimal(String(value)) : null;
      return typeof value === 'string' ? ofDecimal(value.trim()) : null;
    },

    /** The JSON number for the hub. Throws on an amount no JSON number carries exactly: the caller checked it. */
    wireOfAmount(amount: Minor): number {
      if (!Number.isSafeInteger(Number(amount))) throw new Error(`amount ${amount} is no safe number`);
      return Number(amount) / Number(unit);
    },

    /** An amount typed by a person ("100,000" or "99.50"); null unless it is above zero and at most 10^12 units. */
    amountOfInput(text: string): Minor | null {
      const amount = ofDecimal(text.replace(/[,\s₩$원]/g, ''));
      return amount !== null && amount >= 1n && amount <= UNITS_MAX * unit ? amount : null;
    },

    /** As a person would type it. */
    inputOfAmount: (amount: Minor): string => plain(amount).replace(/\.0+$/, ''),

    /** The same as `amountText` with a plus sign in front of gains. */
    signedText: (amount: Minor): string => (amount > 0n ? `+${amountText(amount)}` : amountText(amount)),
  };
}

export const {
  currency,
  decimals,
  amountText,
  amountOfWire,
  wireOfAmount,
  amountOfInput,
  inputOfAmount,
  signedText,
} = moneyIn(process.env.CURRENCY || 'KRW');
