/** What the rain book is set up with: operators that sell it, sites with their stations, vendor types. */
import { PageHead } from '../kit/page-head.tsx';
import { Tabs } from '../kit/tabs.tsx';
import { useT } from '../kit/text.ts';
import { Operators } from './operators.tsx';
import { Sites } from './sites.tsx';
import { VendorTypes } from './vendor-types.tsx';

export default function SetUp() {
  const t = useT();
  return (
    <>
      <PageHead title={t('rain.setup')} />
      <Tabs
        label="rain.setup"
        tabs={[
          { key: 'operators', label: 'rain.operators', render: () => <Operators /> },
          { key: 'sites', label: 'rain.sites', render: () => <Sites /> },
          { key: 'vendor-types', label: 'rain.vendor_types', render: () => <VendorTypes /> },
        ]}
      />
    </>
  );
}
