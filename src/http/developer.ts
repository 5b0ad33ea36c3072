/** The developer pages: the OpenAPI document of each API, and a reference page that calls the running hub. */
import reference from '@scalar/fastify-api-reference';
import type { FastifyInstance } from 'fastify';
import { stringify } from 'yaml';
import { SECURITY_SCHEMES } from './server.ts';

interface Document {
  readonly name: string;
  readonly title: string;
  readonly version: string;
  readonly prefix: string;
  readonly about: string;
  readonly security: Readonly<Record<string, unknown>>;
}

const OPERATOR: Document = {
  name: 'openapi',
  title: 'Croupier operator API (XT)',
  version: '1.19.8',
  prefix: '/api',
  security: { key: SECURITY_SCHEMES.key },
  about:
    'Users, games, launch links, money and transactions. Parameters are taken from the query string, a JSON body or a urlencoded body. Times are UTC.',
};
const STUDIO: Document = {
  name: 'studio',
  title: 'Croupier studio API',
  version: '1',
  prefix: '/studio/v1',
  security: { signature: SECURITY_SCHEMES.signature },
  about: 'How games open sessions and move money. Amounts are whole minor units as decimal strings.',
};
const BOOK: Document = {
  name: 'book',
  title: 'Croupier rain book vendor API',
  version: '1',
  prefix: '/vendor/api',
  security: {},
  about:
    'Players, credit and bets of the rain book. Every answer is HTTP 200; its code says what became of the call. docs/integrate-book.md',
};
const STAFF: Document = {
  name: 'staff',
  title: 'Croupier staff API',
  version: '1',
  prefix: '/staff/v1',
  security: { staff: SECURITY_SCHEMES.staff },
  about:
    'What staff do with the rain book, each under the name of its key: sessions, results, exposure, operators. docs/rain.md',
};

const OFFICE: Document = {
  name: 'office',
  title: 'Croupier back office API',
  version: '1',
  prefix: '/office/v1',
  security: { staff: SECURITY_SCHEMES.staff, office: SECURITY_SCHEMES.office },
  about:
    'Everything the back office does: what its pages call. A person signs in and has a cookie; a script has a staff key. Amounts are whole minor units as decimal strings, times UTC.',
};

/** The reference page carries its script inline, and may call this hub alone. */
const PAGE_POLICY =
  "default-src 'self' 'unsafe-inline' data: blob:; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; connect-src 'self'; frame-ancestors 'none'";

export async function developerRoutes(server: FastifyInstance): Promise<void> {
  for (const document of [OPERATOR, STUDIO, BOOK, STAFF, OFFICE]) serveDocument(server, document);
  server.addHook('onSend', async (request, reply) => {
    if (request.url.startsWith('/developer')) reply.header('content-security-policy', PAGE_POLICY);
  });
  await server.register(reference, {
    routePrefix: '/developer',
    configuration: {
      // Named as a URL too, so that the plugin serves no document of its own beside ours.
      url: '/developer/openapi.json',
      pageTitle: 'Croupier developer reference',
      sources: [
        { title: OPERATOR.title, slug: 'operator', url: '/developer/openapi.json', default: true },
        { title: STUDIO.title, slug: 'studio', url: '/developer/studio.json' },
        { title: BOOK.title, slug: 'book', url: '/developer/book.json' },
        { title: STAFF.title, slug: 'staff', url: '/developer/staff.json' },
        { title: OFFICE.title, slug: 'office', url: '/developer/office.json' },
      ],
      defaultHttpClient: { targetKey: 'shell', clientKey: 'curl' },
      withDefaultFonts: false,
      telemetry: false,
      hideClientButton: true,
      // Nothing here may speak to anybody but this hub.
      agent: { disabled: true },
      mcp: { disabled: true },
      showDeveloperTools: 'never',
      authentication: { preferredSecurityScheme: 'key' },
      persistAuth: false,
      theme: 'default',
    },
  });
}

function serveDocument(server: FastifyInstance, document: Document): void {
  let built: Record<string, unknown> | null = null;
  const build = () =>
    (built ??= buildDocument(server.swagger() as unknown as Record<string, unknown>, document));
  server.get(`/developer/${document.name}.json`, { schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/json; charset=utf-8').send(JSON.stringify(build())),
  );
  server.get(`/developer/${document.name}.yaml`, { schema: { hide: true } }, async (_request, reply) =>
    reply.type('application/yaml; charset=utf-8').send(stringify(build(), { aliasDuplicateObjects: false })),
  );
}

/** One API's part of everything the server knows, with paths relative to its base. */
function buildDocument(
  all: Record<string, unknown>,
  { title, version, about, prefix, security }: Document,
): Record<string, unknown> {
  const paths = Object.entries((all.paths ?? {}) as Record<string, unknown>).filter(([path]) =>
    path.startsWith(`${prefix}/`),
  );
  return {
    openapi: all.openapi,
    info: { title, version, description: about, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: prefix, description: 'this hub' }],
    paths: Object.fromEntries(paths.map(([path, item]) => [path.slice(prefix.length), item])),
    components: { securitySchemes: security },
  };
}
