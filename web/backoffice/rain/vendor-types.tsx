/** Vendor types of the rain book: the stakes within which a site is sold in a currency. */
import type { VendorTypeRow } from '../../../src/backoffice/rain-setup-wire.ts';
import { ActButton } from '../kit/act-button.tsx';
import { Section } from '../kit/facts.tsx';
import { useT } from '../kit/text.ts';
import { Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Money, Status } from '../kit/values.tsx';
import { useMay } from '../session.tsx';
import { Grid } from './grid.tsx';

export function VendorTypes() {
  const may = useMay();
  const reading = useApi<{ readonly vendorTypes: readonly VendorTypeRow[] }>('/rain/vendor-types');
  return (
    <Section title="rain.vendor_types">
      <Read of={reading}>
        {({ vendorTypes }) => (
          <Grid
            label="rain.vendor_types"
            rows={vendorTypes}
            rowKey={({ name }) => name}
            columns={[
              { label: 'rain.name', show: ({ name }) => name },
              { label: 'rain.state', show: (row) => <State of={row} /> },
              { label: 'rain.site', show: ({ site }) => site },
              { label: 'rain.currency', show: ({ currency }) => currency },
              {
                label: 'rain.min_bet',
                align: 'right',
                show: ({ minBet, currency }) => <Money minor={minBet} currency={currency} />,
              },
              {
                label: 'rain.max_bet',
                align: 'right',
                show: ({ maxBet, currency }) => <Money minor={maxBet} currency={currency} />,
              },
              ...(may('book')
                ? [{ label: 'rain.acts', show: (row: VendorTypeRow) => <Edit of={row} /> }]
                : []),
            ]}
          />
        )}
      </Read>
    </Section>
  );
}

function State({ of: { enabled, siteEnabled } }: { readonly of: VendorTypeRow }) {
  const t = useT();
  return (
    <>
      <Status tone={enabled && siteEnabled ? 'good' : 'idle'} label={enabled ? 'rain.on' : 'rain.off'} />
      {siteEnabled ? null : ` ${t('rain.site_off')}`}
    </>
  );
}

function Edit({ of }: { readonly of: VendorTypeRow }) {
  const { name, currency, minBet, maxBet, enabled } = of;
  return (
    <ActButton
      label="rain.edit"
      title="rain.vendor_type"
      text="rain.enabled_help"
      path={`/rain/vendor-types/${name}`}
      method="PATCH"
      fields={[
        { key: 'minBet', type: 'money', label: 'rain.min_bet', currency, required: true, initial: minBet },
        { key: 'maxBet', type: 'money', label: 'rain.max_bet', currency, required: true, initial: maxBet },
        { key: 'enabled', type: 'flag', label: 'rain.enabled', initial: enabled ? 'true' : '' },
      ]}
      body={(values) => ({
        minBet: values.minBet,
        maxBet: values.maxBet,
        enabled: values.enabled === 'true',
      })}
      done="rain.done"
    />
  );
}
