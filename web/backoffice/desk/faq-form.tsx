/** A question with its answer, in as many languages as there are words for. */
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import TextField from '@mui/material/TextField';
import { type FormEvent, useState } from 'react';
import { post, put } from '../api.ts';
import { CATEGORY_CHOICES } from '../inquiries/thread.ts';
import { Section } from '../kit/facts.tsx';
import { ChoiceInput } from '../kit/fields.tsx';
import { Row } from '../kit/row.tsx';
import { useT } from '../kit/text.ts';
import { Trouble } from '../kit/trouble.tsx';
import { useRefresh } from '../kit/use-api.ts';
import { LANGUAGES, type Language, OWN_NAMES, TAGS } from '../texts/languages.ts';
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
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await (faq === undefined ? post('/faq', bodyOf(values)) : put(`/faq/${faq.id}`, bodyOf(values)));
      await refresh();
      onEnd();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
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
          <Words
            key={language}
            language={language}
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

interface WordsProps {
  readonly language: Language;
  readonly words: FaqWords;
  readonly onChange: (words: FaqWords) => void;
}

/** Both or neither. */
function Words({ language, words, onChange }: WordsProps) {
  const t = useT();
  const named = OWN_NAMES[language];
  const isBegun = words.question.trim() !== '' || words.answer.trim() !== '';
  return (
    <Box role="group" aria-label={named} lang={TAGS[language].html} sx={{ display: 'grid', gap: 1 }}>
      <TextField
        label={`${t('desk.question')} · ${named}`}
        value={words.question}
        required={isBegun}
        onChange={({ target }) => onChange({ ...words, question: target.value })}
        slotProps={{ htmlInput: { maxLength: 300, autoComplete: 'off' } }}
      />
      <TextField
        label={`${t('desk.answer')} · ${named}`}
        value={words.answer}
        required={isBegun}
        multiline
        minRows={2}
        maxRows={12}
        onChange={({ target }) => onChange({ ...words, answer: target.value })}
        slotProps={{ htmlInput: { maxLength: 10_000 } }}
      />
    </Box>
  );
}
