/** Shapes of what the rain book is set up with; units as in rain-wire.ts, shares in hundredths of a per cent. */
import { type Static, Type } from 'typebox';
import { SESSION_TYPES } from '../core/book/types.ts';
import { At, Minor, Nullable } from './shapes.ts';

export const BookOperatorRow = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  certHint: Type.String({ description: 'first characters of the certCode' }),
  allowedIps: Type.Array(Type.String(), { description: 'who may call; none = any' }),
  timeZone: Type.String({ description: 'how the times it sends are read' }),
  enabled: Type.Boolean(),
  createdAt: At,
});
export type BookOperatorRow = Static<typeof BookOperatorRow>;

export const CalendarShape = Type.Array(
  Type.Object(
    {
      type: Type.Enum([...SESSION_TYPES]),
      from: Type.String({ pattern: '^\\d\\d:\\d\\d$' }),
      to: Type.String({ pattern: '^\\d\\d:\\d\\d$' }),
    },
    { additionalProperties: false },
  ),
  { maxItems: 16 },
);

export const RainSiteRow = Type.Object({
  name: Type.String(),
  station: Type.String(),
  latitude: Type.Number(),
  longitude: Type.Number(),
  timeZone: Type.String(),
  thresholdMm: Type.Number({ description: "so much in a session's hours is rain" }),
  calendar: CalendarShape,
  opensBeforeMs: Nullable(Type.Integer()),
  closesBeforeMs: Nullable(Type.Integer()),
  fault: Nullable(Type.String({ description: 'what is wrong with its hours: it has no sessions' })),
  marginBps: Type.Integer(),
  oddsValidMs: Type.Integer(),
  ownBps: Type.Integer(),
  ownMinBps: Type.Integer(),
  poolMax: Type.String({ description: 'minor units of each currency' }),
  automatic: Type.Boolean(),
  enabled: Type.Boolean(),
  currencies: Type.Array(Type.String()),
});
export type RainSiteRow = Static<typeof RainSiteRow>;

export const VendorTypeRow = Type.Object({
  name: Type.String(),
  site: Type.String(),
  currency: Type.String(),
  minBet: Minor,
  maxBet: Minor,
  enabled: Type.Boolean(),
  siteEnabled: Type.Boolean(),
});
export type VendorTypeRow = Static<typeof VendorTypeRow>;
