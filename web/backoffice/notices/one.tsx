/** One notice. Opening it is reading it; where it must be confirmed, a person says so. */
import Box from '@mui/material/Box';
import { useEffect } from 'react';
import { useParams } from 'react-router';
import { post } from '../api.ts';
import { ActButton } from '../kit/act-button.tsx';
import { Facts, Section } from '../kit/facts.tsx';
import { PageHead } from '../kit/page-head.tsx';
import { useT } from '../kit/text.ts';
import { Read } from '../kit/trouble.tsx';
import { useApi, useRefresh } from '../kit/use-api.ts';
import { Instant } from '../kit/values.tsx';
import { TAGS } from '../texts/languages.ts';
import { By, State } from './list.tsx';
import type { Notice } from './notice.ts';

export default function OneNotice() {
  const { noticeId = '' } = useParams();
  const reading = useApi<Notice>(`/notices/${noticeId}`);
  const refresh = useRefresh();
  const isNew = reading.data !== undefined && reading.data.readAt === null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `refresh` is another one each time
  useEffect(() => {
    if (isNew) post(`/notices/${noticeId}/read`).then(refresh, () => {});
  }, [noticeId, isNew]);
  return <Read of={reading}>{(notice) => <Shown notice={notice} />}</Read>;
}

function Shown({ notice }: { readonly notice: Notice }) {
  const t = useT();
  const { id, title, text, language, mustConfirm, confirmedAt } = notice;
  return (
    <>
      <PageHead
        title={title}
        beside={<State {...notice} />}
        back={{ to: '/notices', label: 'notices.title' }}
      />
      <Section>
        <Facts
          facts={[
            { label: 'notices.by', value: <By by={notice.by} /> },
            { label: 'notices.from', value: <Instant at={notice.fromAt} /> },
            { label: 'notices.until', value: <Instant at={notice.untilAt} /> },
            ...(mustConfirm ? [{ label: 'notices.confirmed_at', value: <Instant at={confirmedAt} /> }] : []),
          ]}
        />
      </Section>
      <Section>
        <Box
          lang={TAGS[language].html}
          sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', maxWidth: '75ch', fontSize: '0.9375rem' }}
        >
          {text}
        </Box>
      </Section>
      {mustConfirm && confirmedAt === null ? (
        <Section>
          <Box sx={{ mb: 1 }}>{t('notices.confirm_text')}</Box>
          <ActButton
            label="notices.confirm"
            path={`/notices/${id}/read`}
            body={() => ({ confirm: true })}
            atOnce
            variant="contained"
            done="notices.confirmed"
          />
        </Section>
      ) : null}
    </>
  );
}
