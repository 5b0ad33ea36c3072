/** The forms in which a site is changed, in units people think in: per cent, minutes, seconds, lines of hours. */
import type { RainSiteRow } from '../../../src/backoffice/rain-setup-wire.ts';
import { SESSION_TYPES } from '../../../src/core/book/types.ts';
import type { ActField, ActValues } from '../kit/act-form.tsx';

export interface SiteForm {
  /** Keys of texts. */
  readonly label: string;
  readonly text?: string;
  readonly fields: readonly ActField[];
  readonly body: (values: ActValues) => unknown;
}

const MINUTE_MS = 60_000;

export const hoursOf = ({ opensBeforeMs, closesBeforeMs }: RainSiteRow) => ({
  opensBefore: opensBeforeMs === null ? '' : String(opensBeforeMs / MINUTE_MS),
  closesBefore: closesBeforeMs === null ? '' : String(closesBeforeMs / MINUTE_MS),
});

export const oddsOf = ({ oddsValidMs, marginBps, ownBps, ownMinBps }: RainSiteRow) => ({
  oddsValid: String(oddsValidMs / 1000),
  margin: String(marginBps / 100),
  own: String(ownBps / 100),
  ownMin: String(ownMinBps / 100),
});

export const linesOf = ({ calendar }: Pick<RainSiteRow, 'calendar'>) =>
  calendar.map(({ type, from, to }) => `${type} ${from}-${to}`).join('\n');

/** `NOON 06:00-18:00` by line. What is none of that goes to the hub as it is, which says what is wrong with it. */
export function calendarOf(lines: string): RainSiteRow['calendar'] {
  return lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [name = '', from = '', to = ''] = line.split(/[\s–-]+/);
      const type = SESSION_TYPES.find((each) => each === name.toUpperCase());
      return { type: type ?? (name as (typeof SESSION_TYPES)[number]), from, to };
    });
}

const typed = (text: string | undefined) => Number((text ?? '').trim().replace(',', '.'));
/** Not a number: the hub refuses it by name. */
const scaled = (text: string | undefined, by: number) => Math.round(typed(text) * by);

export function siteForms(site: RainSiteRow): readonly SiteForm[] {
  return [placeForm(site), hoursForm(site), oddsForm(site), switchesForm(site)];
}

const text = (key: string, label: string, initial: string): ActField => ({
  key,
  label,
  initial,
  type: 'text',
  required: true,
});
const number = (key: string, label: string, initial: string): ActField => ({
  ...text(key, label, initial),
  type: 'number',
});

function placeForm(site: RainSiteRow): SiteForm {
  return {
    label: 'rain.edit_place',
    fields: [
      text('station', 'rain.station', site.station),
      number('latitude', 'rain.latitude', String(site.latitude)),
      number('longitude', 'rain.longitude', String(site.longitude)),
      number('thresholdMm', 'rain.threshold_mm', String(site.thresholdMm)),
    ],
    body: ({ station, latitude, longitude, thresholdMm }) => ({
      station,
      latitude: typed(latitude),
      longitude: typed(longitude),
      thresholdMm: typed(thresholdMm),
    }),
  };
}

function hoursForm(site: RainSiteRow): SiteForm {
  const { opensBefore, closesBefore } = hoursOf(site);
  return {
    label: 'rain.edit_hours',
    text: 'rain.edit_hours_text',
    fields: [
      text('timeZone', 'rain.time_zone', site.timeZone),
      {
        key: 'calendar',
        type: 'lines',
        label: 'rain.calendar_lines',
        help: 'rain.calendar_help',
        required: true,
        initial: linesOf(site),
      },
      number('opensBefore', 'rain.opens_before', opensBefore),
      number('closesBefore', 'rain.closes_before', closesBefore),
    ],
    body: (values) => ({
      timeZone: values.timeZone?.trim(),
      calendar: calendarOf(values.calendar ?? ''),
      opensBeforeMs: scaled(values.opensBefore, MINUTE_MS),
      closesBeforeMs: scaled(values.closesBefore, MINUTE_MS),
    }),
  };
}

function oddsForm(site: RainSiteRow): SiteForm {
  const { oddsValid, margin, own, ownMin } = oddsOf(site);
  return {
    label: 'rain.edit_odds',
    fields: [
      number('margin', 'rain.margin_percent', margin),
      number('oddsValid', 'rain.odds_valid', oddsValid),
      number('own', 'rain.own_percent', own),
      number('ownMin', 'rain.own_min_percent', ownMin),
      {
        key: 'poolMax',
        type: 'money',
        label: 'rain.pool_max',
        required: true,
        currency: site.currencies[0] ?? 'USD',
        initial: site.poolMax,
      },
    ],
    body: (values) => ({
      marginBps: scaled(values.margin, 100),
      oddsValidMs: scaled(values.oddsValid, 1000),
      ownBps: scaled(values.own, 100),
      ownMinBps: scaled(values.ownMin, 100),
      poolMax: values.poolMax,
    }),
  };
}

function switchesForm(site: RainSiteRow): SiteForm {
  return {
    label: 'rain.edit_switches',
    text: 'rain.enabled_help',
    fields: [
      { key: 'enabled', type: 'flag', label: 'rain.enabled', initial: site.enabled ? 'true' : '' },
      { key: 'automatic', type: 'flag', label: 'rain.automatic', initial: site.automatic ? 'true' : '' },
    ],
    body: ({ enabled, automatic }) => ({ enabled: enabled === 'true', automatic: automatic === 'true' }),
  };
}
