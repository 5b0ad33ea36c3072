/** Writing a notice, in as many languages as there are words for. */
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import { useState } from 'react';
import { post, put, Refused } from '../api.ts';
import { Section } from '../kit/facts.tsx';
import { ChoiceInput } from '../kit/fields.tsx';
import { InstantInput } from '../kit/instant-range.tsx';
import { AgentPicker } from '../kit/pickers.tsx';
import { Row } from '../kit/row.tsx';
import { useT } from '../kit/text.ts';
import { Trouble } from '../kit/trouble.tsx';
import { useRefresh } from '../kit/use-api.ts';
import { useSubmit } from '../kit/use-submit.ts';
import { WordsInput } from '../kit/words-input.tsx';
import { useMe } from '../session.tsx';
import { LANGUAGES, type Language } from '../texts/languages.ts';
import type { Audience, NoticeWords, WrittenNotice } from './notice.ts';

const NO_WORDS: NoticeWords = { title: '', text: '' };

function firstOf(notice: WrittenNotice | undefined, standard: Audience) {
  const words = LANGUAGES.map((language) => [language, notice?.texts[language] ?? NO_WORDS]);
  return {
    texts: Object.fromEntries(words) as Record<Language, NoticeWords>,
    audience: notice?.audience ?? standard,
    agent: notice?.targetId?.toString() ?? '',
    fromAt: notice?.fromAt ?? '',
    untilAt: notice?.untilAt ?? '',
    pinned: notice?.pinned ?? false,
    mustConfirm: notice?.mustConfirm ?? false,
  };
}
type Values = ReturnType<typeof firstOf>;

/** Languages without words are left out; readers of those get the first that is there, the writer's own before others. */
function wishOf({ texts, fromAt, untilAt, pinned, mustConfirm }: Values, own: Language) {
  const written = LANGUAGES.filter(
    (each) => texts[each].title.trim() !== '' || texts[each].text.trim() !== '',
  );
  return {
    texts: Object.fromEntries(written.map((language) => [language, texts[language]])),
    language: written.includes(own) ? own : (written[0] ?? own),
    ...(fromAt === '' ? {} : { fromAt }),
    untilAt: untilAt === '' ? null : untilAt,
    ...{ pinned, mustConfirm },
  };
}

const audienceOf = ({ audience, agent }: Values) => ({
  audience,
  ...(audience === 'subtree' && agent !== '' ? { agent: Number(agent) } : {}),
});

interface NoticeFormProps {
  /** Absent: a new one. */
  readonly notice?: WrittenNotice;
  readonly onEnd: () => void;
}

export function NoticeForm({ notice, onEnd }: NoticeFormProps) {
  const t = useT();
  const refresh = useRefresh();
  const { agent, language } = useMe();
  const [values, setValues] = useState(() => firstOf(notice, agent === null ? 'all' : 'subtree'));
  const { submit, busy, error } = useSubmit(async () => {
    const wish = wishOf(values, language);
    await (notice === undefined
      ? post('/notices', { ...wish, ...audienceOf(values) })
      : put(`/notices/${notice.id}`, wish));
    await refresh();
    onEnd();
  });
  return (
    <Section title={notice === undefined ? 'notices.write' : 'notices.change'}>
      <Box component="form" onSubmit={submit} sx={{ display: 'grid', gap: 1.5, maxWidth: 760 }}>
        {notice === undefined ? <Whom values={values} onChange={setValues} error={error} /> : null}
        <When values={values} onChange={setValues} />
        <Box sx={{ color: 'text.secondary' }}>{t('notices.languages')}</Box>
        {LANGUAGES.map((each) => (
          <WordsInput
            key={each}
            language={each}
            heading={{ key: 'title', label: 'notices.notice', charactersMax: 200 }}
            text={{ key: 'text', label: 'notices.text', charactersMax: 10_000, rows: [3, 14] }}
            words={values.texts[each]}
            onChange={(words) => setValues({ ...values, texts: { ...values.texts, [each]: words } })}
          />
        ))}
        {notice === undefined ? null : <Box sx={{ color: 'text.secondary' }}>{t('notices.anew')}</Box>}
        {error === null ? null : <Trouble error={error} />}
        <Row>
          <Button type="submit" variant="contained" disabled={busy}>
            {t(notice === undefined ? 'notices.publish' : 'notices.save')}
          </Button>
          <Button onClick={onEnd}>{t('kit.cancel')}</Button>
        </Row>
      </Box>
    </Section>
  );
}

interface PartProps {
  readonly values: Values;
  readonly onChange: (values: Values) => void;
  readonly error: unknown;
}

function Whom({ values, onChange, error }: PartProps) {
  const t = useT();
  const isHouse = useMe().agent === null;
  const wrong = error instanceof Refused ? error.fields : {};
  const choices = (['all', 'subtree', 'staff'] as const).map((value) => ({
    value,
    label: `notices.to.${value}`,
  }));
  return (
    <>
      {isHouse ? (
        <ChoiceInput
          label={t('notices.for')}
          value={values.audience}
          choices={choices}
          onChange={(audience) => onChange({ ...values, audience: audience as Audience })}
        />
      ) : null}
      {values.audience === 'subtree' ? (
        <AgentPicker
          label={t(isHouse ? 'notices.agent' : 'notices.agent_below')}
          required={isHouse}
          value={values.agent}
          error={wrong.agent}
          onChange={(agent) => onChange({ ...values, agent })}
        />
      ) : null}
    </>
  );
}

function When({ values, onChange }: Omit<PartProps, 'error'>) {
  const t = useT();
  return (
    <Row>
      <InstantInput
        label={t('notices.from_at')}
        value={values.fromAt}
        onChange={(fromAt) => onChange({ ...values, fromAt })}
      />
      <InstantInput
        label={t('notices.until_at')}
        value={values.untilAt}
        onChange={(untilAt) => onChange({ ...values, untilAt })}
      />
      <FormControlLabel
        label={t('notices.pinned')}
        control={
          <Checkbox checked={values.pinned} onChange={(_event, pinned) => onChange({ ...values, pinned })} />
        }
      />
      <FormControlLabel
        label={t('notices.must_confirm')}
        control={
          <Checkbox
            checked={values.mustConfirm}
            onChange={(_event, mustConfirm) => onChange({ ...values, mustConfirm })}
          />
        }
      />
    </Row>
  );
}
