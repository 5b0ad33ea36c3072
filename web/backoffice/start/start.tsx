/** The first page: what waits for somebody, and how the day goes. */
import Box from '@mui/material/Box';
import Link from '@mui/material/Link';
import { Link as To } from 'react-router';
import type { WaitingKind } from '../../../src/core/office/waiting.ts';
import { Section } from '../kit/facts.tsx';
import { PageHead } from '../kit/page-head.tsx';
import { useT } from '../kit/text.ts';
import { Waiting as Skeleton, Trouble } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Count, Instant } from '../kit/values.tsx';
import { useMay, useMe } from '../session.tsx';
import { Today } from './today.tsx';
import { WAITING_AT } from './waiting.ts';

const EVERY_MS = 30_000;

export default function Start() {
  const t = useT();
  const { shownName } = useMe();
  const may = useMay();
  return (
    <>
      <PageHead title={t('start.hello', { name: shownName })} />
      <WhatWaits />
      {may('look') ? <Today /> : null}
    </>
  );
}

interface Wait {
  readonly what: WaitingKind;
  readonly count: number;
  readonly more?: boolean;
  readonly oldest?: string | null;
}

function WhatWaits() {
  const t = useT();
  const { data, error, refetch } = useApi<{ waiting: readonly Wait[] }>(
    '/waiting',
    {},
    { everyMs: EVERY_MS },
  );
  if (error !== null && error.status === 404) return null;
  if (error !== null) return <Trouble error={error} again={refetch} />;
  const waits = data?.waiting.filter(({ count }) => count > 0) ?? [];
  return (
    <Section title="start.waits">
      {data === undefined ? <Skeleton lines={2} /> : null}
      {data !== undefined && waits.length === 0 ? t('start.nothing_waits') : null}
      <Box component="ul" sx={{ listStyle: 'none', p: 0, m: 0, display: 'grid', gap: 0.75 }}>
        {waits.map((wait) => (
          <li key={wait.what}>
            <OneWait wait={wait} />
          </li>
        ))}
      </Box>
    </Section>
  );
}

function OneWait({ wait: { what, count, more = false, oldest = null } }: { readonly wait: Wait }) {
  const t = useT();
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'baseline' }}>
      <Box component="strong" sx={{ minWidth: 40, textAlign: 'right' }}>
        <Count value={count} more={more} />
      </Box>
      <Link component={To} to={WAITING_AT[what]}>
        {t(`start.waiting.${what}`)}
      </Link>
      {oldest === null ? null : (
        <Box component="span" sx={{ color: 'text.secondary', fontSize: '0.8125rem' }}>
          {t('start.oldest')} <Instant at={oldest} />
        </Box>
      )}
    </Box>
  );
}
