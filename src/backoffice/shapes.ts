/** Shapes many calls share. Amounts are whole minor units as decimal strings beside their currency; times ISO, UTC. */
import { type TSchema, Type } from 'typebox';

/** Text without controls or halves of surrogate pairs: the store keeps neither. */
export const Text = (min: number, max: number) =>
  Type.String({
    minLength: min,
    maxLength: max,
    pattern: '^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f\\ud800-\\udfff]*$',
  });
export const Line = (min: number, max: number) =>
  Type.String({ minLength: min, maxLength: max, pattern: '^[^\\u0000-\\u001f\\u007f\\ud800-\\udfff]*$' });
export const Minor = Type.String({ description: 'minor units', examples: ['-5000'] });
/** An amount somebody asks for: above zero. */
export const MinorGiven = Type.String({
  pattern: '^[1-9]\\d{0,15}$',
  description: 'minor units, above zero',
});
export const At = Type.String({ examples: ['2026-11-21T00:30:00.000000Z'], description: 'UTC' });
/** A day as calendars of four centuries have it: what counts days and hours from it never leaves the numbers there are. */
export const DAY_PATTERN = '(19|20|21|22)\\d\\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])';
/** An instant of a filter: ISO with a zone, or a day of UTC. */
export const AtGiven = Type.String({
  pattern: `^${DAY_PATTERN}(T([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d{1,6})?)?(Z|[+-](0\\d|1[0-5]):[0-5]\\d))?$`,
});
export const Id = Type.String({ pattern: '^\\d{1,15}$' });
/** Of a vendor or a game: fewer of them are ever made. */
export const SmallId = Type.String({ pattern: '^\\d{1,9}$' });
export const Reason = Line(1, 500);
export const Nullable = <S extends TSchema>(shape: S) => Type.Union([shape, Type.Null()]);
export const Done = Type.Object({ ok: Type.Literal(true) });
export const RefusalShape = Type.Object({
  code: Type.String(),
  message: Type.String(),
  detail: Type.Optional(Type.String()),
  fields: Type.Optional(Type.Record(Type.String(), Type.String())),
  retryAfterMs: Type.Optional(Type.Integer()),
});
