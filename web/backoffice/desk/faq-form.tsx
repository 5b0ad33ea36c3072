/** A question with its answer, in as many languages as there are words for. */
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import TextField from '@mui/material/TextField';
import { useState } from 'react';
import { post, put } from '../api.ts';
import { CATEGORY_CHOICES } from '../inquiries/thread.ts';
import { Section } from '../kit/facts.tsx';
import { ChoiceInput } from '../kit/fields.tsx';
import { Row } from '../kit/row.tsx';
import { useT } from '../kit/text.ts';
import { Trouble } from '../kit/trouble.tsx';
import { useRefresh } from '../kit/use-api.ts';
import { useSubmit } from '../kit/use-submit.ts';
import { WordsInput } from '../kit/words-input.tsx';
import { LANGUAGES, type Language } from '../texts/languages.ts';
import type { Faq, FaqWords } from './faq.ts';

const NO_WORDS: FaqWords = { question: '', answer: '' };

function firstOf(faq: Faq | undefined) {
  const words = Object.fromEntries(LANGUAGES.map((language) => [language, faq?.texts[language] ?? NO_WORDS]));
  return {
    category: faq?.category ?? 'other',
    rank: String(faq?.rank ?? 100),
    published: faq?.published ?? true,
    texts: words as Record<Language, FaqWords>,
  };
}
type Values = ReturnType<typeof firstOf>;

/** Languages that nothing was written in are left out. */
const bodyOf = ({ category, rank, published, texts }: Values) => ({
  ...{ category, published },
  rank: Number(rank),
  texts: Object.fromEntries(
    Object.entries(texts).filter(
      ([, { question, answer }]) => question.trim() !== '' || answer.trim() !== '',
    ),
  ),
});

interface FaqFormProps {
  /** Absent: a new one. */
  readonly faq?: Faq;
  readonly onEnd: () => void;
}

export function FaqForm({ faq, onEnd }: FaqFormProps) {
  const t = useT();
  const refresh = useRefresh();
  const [values, setValues] = useState(() => firstOf(faq));
  const { submit, busy, error } = useSubmit(async () => {
    await (faq === undefined ? post('/faq', bodyOf(values)) : put(`/faq/${faq.id}`, bodyOf(values)));
    await refresh();
    onEnd();
  });
  return (
    <Section title={faq === undefined ? 'desk.faq_new' : 'desk.faq_change'}>
      <Box component="form" onSubmit={submit} sx={{ display: 'grid', gap: 1.5, maxWidth: 760 }}>
        <Row>
          <ChoiceInput
            label={t('inquiries.category_label')}
            value={values.category}
            choices={CATEGORY_CHOICES}
            onChange={(category) => setValues({ ...values, category: category as Values['category'] })}
          />
          <TextField
            label={t('desk.faq_rank')}
            value={values.rank}
            required
            onChange={({ target }) => setValues({ ...values, rank: target.value })}
            slotProps={{ htmlInput: { inputMode: 'numeric', pattern: '[0-9]{1,6}', autoComplete: 'off' } }}
            sx={{ width: 140 }}
          />
          <FormControlLabel
            label={t('desk.faq_published')}
            control={
              <Checkbox
                checked={values.published}
                onChange={(_event, published) => setValues({ ...values, published })}
              />
            }
          />
        </Row>
        <Box sx={{ color: 'text.secondary' }}>{t('desk.faq_languages')}</Box>
        {LANGUAGES.map((language) => (
          <WordsInput
            key={language}
            language={language}
            heading={{ key: 'question', label: 'desk.question', charactersMax: 300 }}
            text={{ key: 'answer', label: 'desk.answer', charactersMax: 10_000, rows: [2, 12] }}
            words={values.texts[language]}
            onChange={(words) => setValues({ ...values, texts: { ...values.texts, [language]: words } })}
          />
        ))}
        {error === null ? null : <Trouble error={error} />}
        <Row>
          <Button type="submit" variant="contained" disabled={busy}>
            {t('desk.faq_save')}
          </Button>
          <Button onClick={onEnd}>{t('kit.cancel')}</Button>
        </Row>
      </Box>
    </Section>
  );
}
