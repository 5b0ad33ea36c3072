/** The way in: an agent's developer comes to the own agent's pages, the house chooses whose. */
import Box from '@mui/material/Box';
import { Navigate, useNavigate } from 'react-router';
import { Section } from '../kit/facts.tsx';
import { PageHead } from '../kit/page-head.tsx';
import { AgentPicker } from '../kit/pickers.tsx';
import { useT } from '../kit/text.ts';
import { useMe } from '../session.tsx';

export default function ChooseAgent() {
  const t = useT();
  const { agent } = useMe();
  const navigate = useNavigate();
  if (agent !== null) return <Navigate to={`/developer/${agent.id}`} replace />;
  return (
    <>
      <PageHead title={t('developer.title')} />
      <Section>
        <p>{t('developer.choose')}</p>
        <Box sx={{ maxWidth: 360 }}>
          <AgentPicker value="" onChange={(id) => id !== '' && void navigate(`/developer/${id}`)} />
        </Box>
      </Section>
    </>
  );
}
