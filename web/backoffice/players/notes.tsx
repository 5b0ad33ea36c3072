/** What staff wrote down about a user: newest first, never taken away. */
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Chip from '@mui/material/Chip';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { ActButton } from '../kit/act-button.tsx';
import type { ActField } from '../kit/act-form.tsx';
import { Section } from '../kit/facts.tsx';
import { useT } from '../kit/text.ts';
import { Nothing, Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Instant } from '../kit/values.tsx';
import { useMay, useMe } from '../session.tsx';

interface Note {
  readonly id: number;
  readonly person: string;
  readonly houseOnly: boolean;
  readonly text: string;
  readonly at: string;
}

interface Answer {
  readonly rows: readonly Note[];
  readonly next: string | null;
  readonly previous: string | null;
}

export function PlayerNotes({ id }: { readonly id: number }) {
  const t = useT();
  const may = useMay();
  const [after, setAfter] = useState<string | undefined>();
  const reading = useApi<Answer>(`/players/${id}/notes`, { after, limit: '20' }, { keep: true });
  return (
    <Section title="players.tabs.notes" actions={may('players') ? <Write id={id} /> : null}>
      <Read of={reading}>
        {({ rows, next }) => (
          <>
            {rows.length === 0 ? <Nothing text="players.no_notes" /> : null}
            {rows.map((note) => (
              <NoteShown key={note.id} note={note} />
            ))}
            {after === undefined ? null : (
              <Button onClick={() => setAfter(undefined)}>{t('kit.first')}</Button>
            )}
            {next === null ? null : <Button onClick={() => setAfter(next)}>{t('players.older')}</Button>}
          </>
        )}
      </Read>
    </Section>
  );
}

function NoteShown({ note: { person, at, text, houseOnly } }: { readonly note: Note }) {
  const t = useT();
  return (
    <Box
      component="article"
      sx={{ py: 1, borderBottom: 1, borderColor: 'divider', '&:last-of-type': { border: 0 } }}
    >
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center', color: 'text.secondary' }}>
        <strong>{person}</strong>
        <Instant at={at} />
        {houseOnly ? <Chip variant="outlined" label={t('players.house_only')} /> : null}
      </Box>
      <Typography variant="body1" sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', mt: 0.5 }}>
        {text}
      </Typography>
    </Box>
  );
}

function Write({ id }: { readonly id: number }) {
  const { agent } = useMe();
  const fields: readonly ActField[] = [
    { key: 'text', type: 'lines', label: 'players.note', required: true },
    ...(agent === null
      ? [{ key: 'houseOnly', type: 'flag', label: 'players.house_only_wish' } as const]
      : []),
  ];
  return (
    <ActButton
      label="players.write_note"
      text="players.write_note_text"
      path={`/players/${id}/notes`}
      fields={fields}
      body={({ text, houseOnly }) => ({ text, ...(houseOnly === 'true' ? { houseOnly: true } : {}) })}
      done="players.note_written"
    />
  );
}
