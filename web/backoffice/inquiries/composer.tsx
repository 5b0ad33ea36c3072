/** Where a message is written, with its files. What was typed stays until it is sent. */
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import { type FormEvent, type ReactNode, useState } from 'react';
import { post } from '../api.ts';
import { useT } from '../kit/text.ts';
import { Trouble } from '../kit/trouble.tsx';
import { useRefresh } from '../kit/use-api.ts';
import { Files } from './files.tsx';
import { type Attached, TEXT_MAX } from './thread.ts';

export interface Draft {
  readonly text: string;
  readonly files: readonly Attached[];
}
export const EMPTY: Draft = { text: '', files: [] };

interface WritingProps {
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
  /** Key of the field's label. */
  readonly label: string;
  readonly required?: boolean;
}

export function Writing({ draft, onChange, label, required = false }: WritingProps) {
  const t = useT();
  return (
    <>
      <TextField
        label={t(label)}
        value={draft.text}
        required={required}
        multiline
        fullWidth
        minRows={4}
        maxRows={16}
        onChange={({ target }) => onChange({ ...draft, text: target.value })}
        slotProps={{ htmlInput: { maxLength: TEXT_MAX } }}
      />
      <Files files={draft.files} onChange={(files) => onChange({ ...draft, files })} />
    </>
  );
}

export const bodyOf = ({ text, files }: Draft) => ({ text, attachments: files.map(({ id }) => id) });

interface ComposerProps {
  /** Where it is sent. */
  readonly path: string;
  readonly label: string;
  /** Key of the button. */
  readonly send: string;
  /** Above the text: what fills it in. */
  readonly tools?: (fill: (text: string) => void) => ReactNode;
}

export function Composer({ path, label, send, tools }: ComposerProps) {
  const t = useT();
  const refresh = useRefresh();
  const [draft, setDraft] = useState(EMPTY);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const isEmpty = draft.text.trim() === '' && draft.files.length === 0;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy || isEmpty) return;
    setBusy(true);
    setError(null);
    try {
      await post(path, bodyOf(draft));
      setDraft(EMPTY);
      await refresh();
    } catch (refused) {
      setError(refused);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Box component="form" onSubmit={submit} sx={{ display: 'grid', gap: 1.25, pt: 0.75 }}>
      {tools?.((text) => setDraft({ ...draft, text: draft.text === '' ? text : `${draft.text}\n${text}` }))}
      <Writing draft={draft} onChange={setDraft} label={label} />
      {error === null ? null : <Trouble error={error} />}
      <Box>
        <Button type="submit" variant="contained" disabled={busy || isEmpty}>
          {t(send)}
        </Button>
      </Box>
    </Box>
  );
}
