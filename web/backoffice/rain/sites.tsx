/** Sites of the rain book: their station, hours, odds and limits. */
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { RainSiteRow } from '../../../src/backoffice/rain-setup-wire.ts';
import { ActButton } from '../kit/act-button.tsx';
import { formatNumber } from '../kit/amount.ts';
import { Facts, Section } from '../kit/facts.tsx';
import { Row } from '../kit/row.tsx';
import { useT } from '../kit/text.ts';
import { Nothing, Read } from '../kit/trouble.tsx';
import { Flag, Money, Status } from '../kit/values.tsx';
import { useLanguage } from '../language.tsx';
import { useMay } from '../session.tsx';
import { useSites } from './choices.ts';
import { hoursOf, linesOf, oddsOf, type SiteForm, siteForms } from './site-forms.ts';

export function Sites() {
  const reading = useSites();
  return (
    <Read of={reading}>
      {({ sites }) =>
        sites.length === 0 ? (
          <Nothing text="rain.no_site" />
        ) : (
          sites.map((site) => <Site key={site.name} site={site} />)
        )
      }
    </Read>
  );
}

function Site({ site }: { readonly site: RainSiteRow }) {
  const t = useT();
  const may = useMay();
  return (
    <Section>
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'center', mb: 1 }}>
        <Typography variant="h2">{site.name}</Typography>
        <Status tone={site.enabled ? 'good' : 'idle'} label={site.enabled ? 'rain.on' : 'rain.off'} />
      </Box>
      {site.fault === null ? null : (
        <Alert severity="error" sx={{ my: 1 }}>
          {t('rain.fault', { why: site.fault })}
        </Alert>
      )}
      <SiteFacts site={site} />
      {may('book') ? (
        <Row>
          {siteForms(site).map((form) => (
            <Edit key={form.label} site={site} form={form} />
          ))}
        </Row>
      ) : null}
    </Section>
  );
}

function Edit({ site, form }: { readonly site: RainSiteRow; readonly form: SiteForm }) {
  return (
    <ActButton
      label={form.label}
      {...(form.text === undefined ? {} : { text: form.text })}
      path={`/rain/sites/${site.name}`}
      method="PATCH"
      fields={form.fields}
      body={form.body}
      done="rain.site_changed"
    />
  );
}

function SiteFacts({ site }: { readonly site: RainSiteRow }) {
  const t = useT();
  const { locale } = useLanguage();
  const percent = (bps: number) => `${formatNumber(bps / 100, locale)} %`;
  const { opensBefore, closesBefore } = hoursOf(site);
  const { oddsValid } = oddsOf(site);
  return (
    <Facts
      facts={[
        { label: 'rain.station', value: site.station },
        { label: 'rain.latitude', value: site.latitude },
        { label: 'rain.longitude', value: site.longitude },
        { label: 'rain.time_zone', value: site.timeZone },
        {
          label: 'rain.calendar_lines',
          value: <span style={{ whiteSpace: 'pre-line' }}>{linesOf(site)}</span>,
        },
        { label: 'rain.opens_before', value: opensBefore },
        { label: 'rain.closes_before', value: closesBefore },
        { label: 'rain.threshold', value: t('rain.mm', { mm: site.thresholdMm }) },
        { label: 'rain.margin', value: percent(site.marginBps) },
        { label: 'rain.odds_valid', value: oddsValid },
        { label: 'rain.own_percent', value: percent(site.ownBps) },
        { label: 'rain.own_min_percent', value: percent(site.ownMinBps) },
        {
          label: 'rain.pool_max',
          value: <Money minor={site.poolMax} currency={site.currencies[0] ?? 'USD'} />,
        },
        { label: 'rain.automatic', value: <Flag value={site.automatic} /> },
        { label: 'rain.sold_in', value: site.currencies.join(', ') || '–' },
      ]}
    />
  );
}
