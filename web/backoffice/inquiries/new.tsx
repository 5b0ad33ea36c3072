/** A new thread: to whom, what about, and the first message. Other pages lead here with what it is about filled in. */
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import { type ReactNode, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { ABOUT_KINDS } from '../../../src/core/office/thread.ts';
import { post, Refused } from '../api.ts';
import { Section } from '../kit/facts.tsx';
import { ChoiceInput } from '../kit/fields.tsx';
import { PageHead } from '../kit/page-head.tsx';
import { AgentPicker, PlayerPicker } from '../kit/pickers.tsx';
import { useT } from '../kit/text.ts';
import { Trouble } from '../kit/trouble.tsx';
import { useSubmit } from '../kit/use-submit.ts';
import { useMay, useMe } from '../session.tsx';
import { bodyOf, EMPTY, Writing } from './composer.tsx';
import { CATEGORY_CHOICES, PRIORITY_CHOICES } from './thread.ts';

interface NewThreadProps {
  readonly root: '/inquiries' | '/desk';
  /** Keys. */
  readonly title: string;
  readonly back: string;
  readonly text: string;
}

const ABOUT_CHOICES = ABOUT_KINDS.map((value) => ({ value, label: `inquiries.about.${value}` }));

/** The address may say `player`, `agent`, `about` (a kind) and `id`. */
function useFirst() {
  const [search] = useSearchParams();
  const of = (key: string) => search.get(key) ?? '';
  return {
    agent: of('agent'),
    player: of('player'),
    aboutKind: of('about'),
    aboutId: of('id'),
    subject: '',
    category: CATEGORY_CHOICES[0]?.value ?? '',
    priority: 'normal',
  };
}
type Fields = ReturnType<typeof useFirst>;

const wishOf = ({ agent, player, aboutKind, aboutId, subject, category, priority }: Fields) => ({
  ...{ subject: subject.trim(), category, priority },
  ...(agent === '' ? {} : { agent: Number(agent) }),
  ...(player === '' ? {} : { player: Number(player) }),
  ...(aboutKind === '' || aboutId === '' ? {} : { about: { kind: aboutKind, id: aboutId.trim() } }),
});

export function NewThread({ root, title, back, text }: NewThreadProps) {
  const t = useT();
  const go = useNavigate();
  const [fields, setFields] = useState(useFirst());
  const [draft, setDraft] = useState(EMPTY);
  const { submit, busy, error } = useSubmit(async () => {
    const { id } = await post<{ id: number }>(root, { ...wishOf(fields), ...bodyOf(draft) });
    go(`${root}/${id}`, { replace: true });
  });
  const wrong = error instanceof Refused ? error.fields : {};
  return (
    <>
      <PageHead title={t(title)} back={{ to: root, label: back }} />
      <Section>
        <Box component="form" onSubmit={submit} sx={{ display: 'grid', gap: 1.5, maxWidth: 720 }}>
          <Box sx={{ color: 'text.secondary' }}>{t(text)}</Box>
          <What root={root} fields={fields} wrong={wrong} onChange={setFields} />
          <Writing draft={draft} onChange={setDraft} label="inquiries.message" required />
          {error === null ? null : <Trouble error={error} />}
          <Box>
            <Button type="submit" variant="contained" disabled={busy}>
              {t('inquiries.send')}
            </Button>
          </Box>
        </Box>
      </Section>
    </>
  );
}

interface WhatProps {
  readonly root: NewThreadProps['root'];
  readonly fields: Fields;
  readonly wrong: Readonly<Record<string, string>>;
  readonly onChange: (fields: Fields) => void;
}

function What({ root, fields, wrong, onChange }: WhatProps) {
  const t = useT();
  const { agent } = useMe();
  const may = useMay();
  const set = (key: keyof Fields) => (value: string) => onChange({ ...fields, [key]: value });
  const isHouse = agent === null;
  const choosesAgent = isHouse || (root === '/inquiries' && may('answer'));
  return (
    <>
      {choosesAgent ? (
        <AgentPicker
          label={t(isHouse ? 'kit.agent' : 'inquiries.to_below')}
          required={isHouse}
          value={fields.agent}
          error={wrong.agent}
          onChange={set('agent')}
        />
      ) : null}
      <TextField
        label={t('inquiries.subject')}
        value={fields.subject}
        required
        error={wrong.subject !== undefined}
        helperText={wrong.subject}
        onChange={({ target }) => set('subject')(target.value)}
        slotProps={{ htmlInput: { maxLength: 200, autoComplete: 'off' } }}
      />
      <Pair>
        <ChoiceInput
          label={t('inquiries.category_label')}
          value={fields.category}
          choices={CATEGORY_CHOICES}
          onChange={set('category')}
        />
        <ChoiceInput
          label={t('inquiries.priority_label')}
          value={fields.priority}
          choices={PRIORITY_CHOICES}
          onChange={set('priority')}
        />
      </Pair>
      <AboutWhat fields={fields} set={set} />
    </>
  );
}

interface AboutProps {
  readonly fields: Fields;
  readonly set: (key: keyof Fields) => (value: string) => void;
}

/** A user, and something by its number; neither is needed. */
function AboutWhat({ fields, set }: AboutProps) {
  const t = useT();
  const isNone = fields.aboutKind === '';
  return (
    <>
      <PlayerPicker
        label={t('inquiries.for_player')}
        agent={fields.agent}
        value={fields.player}
        onChange={set('player')}
      />
      <Pair>
        <ChoiceInput
          label={t('inquiries.about_label')}
          value={fields.aboutKind}
          choices={ABOUT_CHOICES}
          none="kit.none"
          onChange={set('aboutKind')}
        />
        <TextField
          label={t('inquiries.about_id')}
          value={fields.aboutId}
          disabled={isNone}
          required={!isNone}
          onChange={({ target }) => set('aboutId')(target.value)}
          slotProps={{ htmlInput: DIGITS }}
        />
      </Pair>
    </>
  );
}

const DIGITS = {
  inputMode: 'numeric',
  pattern: '\\s*[0-9]{1,15}\\s*',
  maxLength: 20,
  autoComplete: 'off',
} as const;

function Pair({ children }: { readonly children: ReactNode }) {
  return (
    <Box sx={{ display: 'grid', gap: 1.5, gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' } }}>
      {children}
    </Box>
  );
}

export default function NewInquiry() {
  const { agent } = useMe();
  return (
    <NewThread
      root="/inquiries"
      title="inquiries.open_new"
      back="inquiries.title"
      text={agent === null ? 'inquiries.new_text_house' : 'inquiries.new_text'}
    />
  );
}
