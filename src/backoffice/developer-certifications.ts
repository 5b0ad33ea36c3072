/** Certification of an operator's wallet from the page: started here, run by the node, looked at by whoever comes. */
import { Readable } from 'node:stream';
import { Type } from 'typebox';
import { CHECKS } from '../callbacks/certify/checks.ts';
import { type Report, reportText } from '../callbacks/certify/report.ts';
import {
  askToStop,
  CERTIFICATION_STATES,
  type CertificationSeen,
  certificationsOf,
  findCertification,
} from '../db/certification.ts';
import { recordAct } from './act.ts';
import { withSeamlessAgent } from './developer-own.ts';
import { ok, refuse } from './replies.ts';
import { route, type Streamed } from './route.ts';
import { At, Done, Line, Nullable } from './shapes.ts';

const group = 'developer';
const permission = 'developer';
const PATH = '/developer/:agentId/certifications';

const RunShape = Type.Object({
  id: Type.Integer(),
  username: Type.String(),
  startedBy: Type.String(),
  startedAt: At,
  endedAt: Nullable(At),
  state: Type.Enum([...CERTIFICATION_STATES]),
  done: Type.Integer(),
  ofAll: Type.Integer(),
  title: Nullable(Type.String({ description: 'the check under way' })),
  ok: Nullable(Type.Boolean()),
});
const ReportShape = Type.Object(
  {},
  { additionalProperties: true, description: 'as `croupier certify --json` prints it' },
);

export const DEVELOPER_CERTIFICATIONS = [
  route({
    method: 'GET',
    path: PATH,
    operationId: 'listCertifications',
    summary: "The last certifications of the agent's wallet, newest first",
    group,
    permission,
    answer: Type.Object({ runs: Type.Array(RunShape), checks: Type.Integer() }),
    handle: (call, { params }) =>
      withSeamlessAgent(call, params, async ({ id }) =>
        ok({ runs: await certificationsOf(call.sql, id), checks: CHECKS.length }),
      ),
  }),
  route({
    method: 'POST',
    path: PATH,
    operationId: 'startCertification',
    summary: "Puts the agent's wallet to the test with one of its users, whose balance is put back after",
    group,
    permission,
    body: Type.Object({ username: Line(3, 64) }, { additionalProperties: false }),
    answer: Type.Object({ id: Type.Integer() }),
    handle: (call, { params, body }) =>
      withSeamlessAgent(call, params, async ({ id: agentId, username: subject }) => {
        const { username } = body;
        const startedBy = call.principal.person;
        const started = await call.outreach.certifier.start({ agentId, username, startedBy });
        if (started === 'running') return refuse('conflict', { detail: 'a certification is running' });
        if (started === 'no_callback_url') return refuse('refused', { detail: 'no callback address is set' });
        const more = { run: started.id, username };
        await recordAct(call, call.sql, { action: 'developer.certify', subject, agentId, more });
        return ok(started);
      }),
  }),
  route({
    method: 'GET',
    path: `${PATH}/:runId`,
    operationId: 'showCertification',
    summary: 'One certification and what it found',
    group,
    permission,
    answer: Type.Object({ run: RunShape, report: Nullable(ReportShape) }),
    handle: (call, { params }) =>
      withSeamlessAgent(call, params, async ({ id }) => {
        const found = await findCertification(call.sql, id, params.runId);
        return found === null ? refuse('not_found') : ok({ run: found.run, report: parsed(found.report) });
      }),
  }),
  route({
    method: 'POST',
    path: `${PATH}/:runId/stop`,
    operationId: 'stopCertification',
    summary: 'Ends the check under way, and puts the balance back',
    group,
    permission,
    answer: Done,
    handle: (call, { params }) =>
      withSeamlessAgent(call, params, async ({ id: agentId, username: subject }) => {
        if (!(await askToStop(call.sql, agentId, params.runId))) {
          const found = await findCertification(call.sql, agentId, params.runId);
          return refuse(found === null ? 'not_found' : 'conflict');
        }
        const more = { run: Number(params.runId) };
        await recordAct(call, call.sql, { action: 'developer.certify.stop', subject, agentId, more });
        return ok({ ok: true });
      }),
  }),
  route({
    method: 'GET',
    path: `${PATH}/:runId/report`,
    operationId: 'certificationReport',
    summary: 'What a certification found, as a file',
    group,
    permission,
    query: Type.Object({ format: Type.Enum(['json', 'md']) }, { additionalProperties: false }),
    answer: Type.String({ description: 'the file' }),
    handle: (call, { params, query }) =>
      withSeamlessAgent(call, params, async ({ id, username }) => {
        const found = await findCertification(call.sql, id, params.runId);
        const report = parsed(found?.report ?? null);
        if (found === null || report === null) return refuse('not_found');
        const text =
          query.format === 'json' ? JSON.stringify(report, null, 2) : markdown(username, found.run, report);
        return file(`certification-${found.run.id}.${query.format}`, text);
      }),
  }),
];

const parsed = (text: string | null): Report | null => (text === null ? null : JSON.parse(text));

function file(name: string, text: string): Streamed {
  const type = name.endsWith('.json') ? 'application/json; charset=utf-8' : 'text/markdown; charset=utf-8';
  const headers = { 'content-disposition': `attachment; filename="${name}"` };
  return { stream: Readable.from([text]), type, headers };
}

function markdown(agent: string, run: CertificationSeen, report: Report): string {
  const told = reportText(report).replaceAll('```', "'''");
  return [
    `# Certification of ${agent}`,
    '',
    `Run ${run.id}, ${run.startedAt} to ${run.endedAt ?? '?'}, user ${run.username}: ${run.state}.`,
    '',
    '```text',
    told,
    '```',
    '',
  ].join('\n');
}
