/** An agent's own vendors: what its uplines leave it, and what it switches off itself. */
import { PageHead } from '../kit/page-head.tsx';
import { useT } from '../kit/text.ts';
import { useMe } from '../session.tsx';
import { Switches } from './switches.tsx';

export default function OwnVendors() {
  const t = useT();
  const { agent } = useMe();
  return (
    <>
      <PageHead title={t('catalogue.title')} />
      {agent === null ? null : <Switches agentId={agent.id} />}
    </>
  );
}
