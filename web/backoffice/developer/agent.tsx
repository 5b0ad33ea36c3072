/** Everything an operator's developers need, of one agent: by tabs. */
import { useParams } from 'react-router';
import { PageHead } from '../kit/page-head.tsx';
import { Tabs } from '../kit/tabs.tsx';
import { useT } from '../kit/text.ts';
import { Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { useMe } from '../session.tsx';
import { Certifications } from './certifications.tsx';
import { Guide } from './guide.tsx';
import { Keys } from './keys.tsx';
import { Requests } from './requests.tsx';
import { Reach } from './settings.tsx';
import { TestPage } from './tests.tsx';
import type { Settings } from './wire.ts';

export default function DeveloperPages() {
  const { agentId = '' } = useParams();
  const settings = useApi<Settings>(`/developer/${agentId}`);
  return <Read of={settings}>{(found) => <Parts settings={found} />}</Read>;
}

function Parts({ settings }: { readonly settings: Settings }) {
  const t = useT();
  const me = useMe();
  const { agent } = settings;
  const seamless = [
    { key: 'test', label: 'developer.tabs.test', render: () => <TestPage settings={settings} /> },
    {
      key: 'certification',
      label: 'developer.tabs.certification',
      render: () => <Certifications settings={settings} />,
    },
  ];
  const tabs = [
    { key: 'reach', label: 'developer.tabs.reach', render: () => <Reach settings={settings} /> },
    { key: 'keys', label: 'developer.tabs.keys', render: () => <Keys settings={settings} /> },
    { key: 'guide', label: 'developer.tabs.guide', render: () => <Guide settings={settings} /> },
    ...(agent.wallet === 'seamless' ? seamless : []),
    { key: 'requests', label: 'developer.tabs.requests', render: () => <Requests agentId={agent.id} /> },
  ];
  const back = me.agent === null ? { back: { to: '/developer', label: 'developer.title' } } : {};
  return (
    <>
      <PageHead title={t('developer.of', { name: agent.username })} {...back} />
      <Tabs label="developer.parts" tabs={tabs} />
    </>
  );
}
