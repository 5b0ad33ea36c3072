/** Agents as the API answers them, and how their parts are read and written. */
import { useLanguage } from '../language.tsx';

export interface Agent {
  readonly id: number;
  readonly username: string;
  readonly nickname: string;
  readonly parentId: number | null;
  readonly parent: string | null;
  readonly level: number;
  readonly currency: string;
  readonly wallet: 'transfer' | 'seamless';
  readonly suspended: boolean;
  readonly pot: string;
  readonly agentsBelow: number;
  readonly players: number;
  readonly playersMore: boolean;
  readonly bps: number | null;
  readonly createdAt: string;
}

export interface AgentSet extends Agent {
  readonly pacing: boolean;
  readonly feedIntervalMs: number;
  readonly slotBooster: boolean;
  readonly callbackCutoffHours: number;
  readonly userAgent: string;
  readonly callbackUrl: string | null;
  readonly uplines: readonly { readonly id: number; readonly username: string }[];
  /** Whoever looks is above it. */
  readonly upline: boolean;
  /** Whoever looks may give it POT and take it. */
  readonly direct: boolean;
}

/** Basis points as a share: `35.5%`. */
export function useShare(): (bps: number | null) => string {
  const { locale } = useLanguage();
  const format = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 });
  return (bps) => (bps === null ? '–' : format.format(bps / 10_000));
}

/** What is typed as percent in basis points; as it was typed when it is none, for the hub to refuse. */
export function bpsOf(typed: string): number | string {
  const match = /^(\d{1,3})(?:[.,](\d{1,2}))?$/.exec(typed.trim());
  if (match === null) return typed;
  const [, whole = '', part = ''] = match;
  return Number(whole) * 100 + Number(part.padEnd(2, '0'));
}

/** A whole number as typed, or the text when it is none. */
export function wholeOf(typed: string): number | string {
  return /^\d{1,12}$/.test(typed.trim()) ? Number(typed) : typed;
}
