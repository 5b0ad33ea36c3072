/** What the rain book is set up with: operators that sell it, sites with their hours and odds, vendor types. */
import { Type } from 'typebox';
import { type BookOperatorId, trusted } from '../core/ids.ts';
import { type BookOperator, findBookOperatorById, listBookOperators } from '../db/book-operator.ts';
import { listVendorTypeRecords, type VendorTypeRecord } from '../db/book-vendor-type.ts';
import { findSite, listSites, type RainSite, type SiteChange } from '../db/rain-site.ts';
import { changeBookOperator, createBookOperatorWithCert, renewCertCode } from '../office-book.ts';
import { calendarOf, changeSite, PLAN_WORDS } from '../staff/sites.ts';
import { changeVendorType } from '../staff/vendor-types.ts';
import { BookOperatorRow, CalendarShape, RainSiteRow, VendorTypeRow } from './rain-setup-wire.ts';
import { ok, refuse } from './replies.ts';
import { type OfficeCall, type Params, route } from './route.ts';
import { Line, MinorGiven, Nullable } from './shapes.ts';

const reading = { group: 'rain', permission: 'rain_read' } as const;
const changing = { group: 'rain', permission: 'book' } as const;

// ---- operators ------------------------------------------------------------------------------------------------

const Settings = {
  allowedIps: Type.Optional(Type.Array(Line(1, 64), { maxItems: 256 })),
  timeZone: Type.Optional(Line(1, 64)),
  enabled: Type.Optional(Type.Boolean()),
};

const operatorRow = ({ id, allowedIps, ...rest }: BookOperator): BookOperatorRow => ({
  ...rest,
  id: Number(id),
  allowedIps: [...allowedIps],
});

const operatorIn = ({ sql }: OfficeCall, { operatorId }: Params): Promise<BookOperator | null> =>
  findBookOperatorById(sql, trusted<BookOperatorId>(operatorId));

const OPERATORS = [
  route({
    ...reading,
    method: 'GET',
    path: '/rain/operators',
    operationId: 'listOfficeBookOperators',
    summary: 'Sites that sell the rain book to their players',
    answer: Type.Object({ operators: Type.Array(BookOperatorRow) }),
    handle: async ({ sql }) => ok({ operators: (await listBookOperators(sql)).map(operatorRow) }),
  }),
  route({
    ...reading,
    method: 'GET',
    path: '/rain/operators/:operatorId',
    operationId: 'getOfficeBookOperator',
    summary: 'One of them',
    answer: BookOperatorRow,
    async handle(call, { params }) {
      const operator = await operatorIn(call, params);
      return operator === null ? refuse('unknown_operator') : ok(operatorRow(operator));
    },
  }),
  route({
    ...changing,
    method: 'POST',
    path: '/rain/operators',
    operationId: 'createOfficeBookOperator',
    summary: 'Make one; its certCode is shown once',
    body: Type.Object({ name: Line(1, 200), ...Settings }, { additionalProperties: false }),
    answer: Type.Object({ id: Type.Integer(), name: Type.String(), certCode: Type.String() }),
    async handle({ sql, book, principal: { person: actor }, ip }, { body }) {
      const made = await createBookOperatorWithCert({ sql, book }, { ...body, actor, ip });
      return ok({ ...made, id: Number(made.id) });
    },
  }),
  route({
    ...changing,
    method: 'PATCH',
    path: '/rain/operators/:operatorId',
    operationId: 'setOfficeBookOperator',
    summary: 'Change what is named, and nothing else',
    body: Type.Object(Settings, { additionalProperties: false }),
    answer: BookOperatorRow,
    async handle(call, { params, body }) {
      const { sql, book, principal, ip } = call;
      const operator = await operatorIn(call, params);
      if (operator === null) return refuse('unknown_operator');
      const wish = { ...body, name: operator.name, actor: principal.person, ip };
      return ok(operatorRow(await changeBookOperator({ sql, book }, wish)));
    },
  }),
  route({
    ...changing,
    method: 'POST',
    path: '/rain/operators/:operatorId/cert',
    operationId: 'renewBookOperatorCert',
    summary: 'A fresh certCode, shown once; the one before is dead at once',
    body: Type.Object({}, { additionalProperties: false }),
    answer: Type.Object({ name: Type.String(), certCode: Type.String(), certHint: Type.String() }),
    async handle(call, { params }) {
      const { sql, book, principal, ip } = call;
      const operator = await operatorIn(call, params);
      if (operator === null) return refuse('unknown_operator');
      return ok(await renewCertCode({ sql, book }, { name: operator.name, actor: principal.person, ip }));
    },
  }),
];

// ---- sites ----------------------------------------------------------------------------------------------------

function siteRow({ plan, poolMax, currencies, ...rest }: RainSite): RainSiteRow {
  const hours = plan.ok ? plan.plan : null;
  return {
    ...rest,
    currencies: [...currencies],
    calendar: hours === null ? [] : [...calendarOf(hours.calendar)],
    opensBeforeMs: hours?.opensBeforeMs ?? null,
    closesBeforeMs: hours?.closesBeforeMs ?? null,
    fault: plan.ok ? null : `${PLAN_WORDS[plan.code]}: ${plan.where}`,
    poolMax: String(poolMax),
  };
}

const SiteGiven = Type.Object(
  {
    station: Type.Optional(Line(1, 100)),
    latitude: Type.Optional(Type.Number()),
    longitude: Type.Optional(Type.Number()),
    timeZone: Type.Optional(Line(1, 64)),
    thresholdMm: Type.Optional(Type.Number()),
    calendar: Type.Optional(CalendarShape),
    opensBeforeMs: Type.Optional(Type.Integer()),
    closesBeforeMs: Type.Optional(Type.Integer()),
    marginBps: Type.Optional(Type.Integer()),
    oddsValidMs: Type.Optional(Type.Integer()),
    ownBps: Type.Optional(Type.Integer()),
    ownMinBps: Type.Optional(Type.Integer()),
    poolMax: Type.Optional(Type.String({ pattern: '^\\d{1,16}$' })),
    automatic: Type.Optional(Type.Boolean()),
    enabled: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

const SITES = [
  route({
    ...reading,
    method: 'GET',
    path: '/rain/sites',
    operationId: 'listRainSites',
    summary: 'Sites with a weather station, their hours, odds and limits',
    answer: Type.Object({ sites: Type.Array(RainSiteRow) }),
    handle: async ({ sql }) => ok({ sites: (await listSites(sql)).map(siteRow) }),
  }),
  route({
    ...changing,
    method: 'PATCH',
    path: '/rain/sites/:name',
    operationId: 'setRainSite',
    summary: 'Change what is named; a change of hours makes sessions anew that nobody can have bet in',
    body: SiteGiven,
    answer: Type.Object({
      site: RainSiteRow,
      sessions: Nullable(Type.Object({ removed: Type.Integer(), added: Type.Integer() })),
    }),
    async handle({ sql, book, principal: { person: by }, ip }, { params, body }) {
      if ((await findSite(sql, params.name)) === null) return refuse('not_found');
      const { poolMax, ...rest } = body;
      const change: SiteChange = { ...rest, ...(poolMax === undefined ? {} : { poolMax: BigInt(poolMax) }) };
      if (Object.keys(change).length === 0) return refuse('invalid_request', { detail: 'nothing to change' });
      const { site, sessions } = await changeSite(sql, params.name, { change, by, ip });
      book.forget();
      return ok({ site: siteRow(site), sessions });
    },
  }),
];

// ---- vendor types ---------------------------------------------------------------------------------------------

const vendorTypeRow = ({ minBet, maxBet, ...rest }: VendorTypeRecord): VendorTypeRow => ({
  ...rest,
  minBet: String(minBet),
  maxBet: String(maxBet),
});

const VENDOR_TYPES = [
  route({
    ...reading,
    method: 'GET',
    path: '/rain/vendor-types',
    operationId: 'listVendorTypes',
    summary: "Under which names, in which currencies and within which stakes sites' sessions are sold",
    answer: Type.Object({ vendorTypes: Type.Array(VendorTypeRow) }),
    handle: async ({ sql }) => ok({ vendorTypes: (await listVendorTypeRecords(sql)).map(vendorTypeRow) }),
  }),
  route({
    ...changing,
    method: 'PATCH',
    path: '/rain/vendor-types/:name',
    operationId: 'setVendorType',
    summary: 'Change what is named, and nothing else',
    body: Type.Object(
      {
        minBet: Type.Optional(MinorGiven),
        maxBet: Type.Optional(MinorGiven),
        enabled: Type.Optional(Type.Boolean()),
      },
      { additionalProperties: false },
    ),
    answer: VendorTypeRow,
    async handle({ sql, book, principal: { person: by }, ip }, { params, body }) {
      const find = async () => (await listVendorTypeRecords(sql)).find(({ name }) => name === params.name);
      if ((await find()) === undefined) return refuse('not_found');
      const { minBet, maxBet, enabled } = body;
      const change = {
        ...(minBet === undefined ? {} : { minBet: BigInt(minBet) }),
        ...(maxBet === undefined ? {} : { maxBet: BigInt(maxBet) }),
        ...(enabled === undefined ? {} : { enabled }),
      };
      if (Object.keys(change).length === 0) return refuse('invalid_request', { detail: 'nothing to change' });
      await changeVendorType(sql, params.name, { change, by, ip });
      book.forget();
      const after = await find();
      return after === undefined ? refuse('not_found') : ok(vendorTypeRow(after));
    },
  }),
];

export const RAIN_SETUP = [...OPERATORS, ...SITES, ...VENDOR_TYPES];
