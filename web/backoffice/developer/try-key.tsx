/** The key that calls are tried out with: pasted, or made for a quarter of an hour. It is kept in memory alone. */
import Box from '@mui/material/Box';
import TextField from '@mui/material/TextField';
import { ActButton } from '../kit/act-button.tsx';
import { useT } from '../kit/text.ts';
import { Instant } from '../kit/values.tsx';
import type { MadeKey, Settings } from './wire.ts';

export interface TryKey {
  /** Null: it was pasted. */
  readonly id: number | null;
  readonly key: string;
  readonly expiresAt: string | null;
}

const NONE: TryKey = { id: null, key: '', expiresAt: null };

interface TryKeyFieldProps {
  readonly settings: Settings;
  readonly value: TryKey;
  readonly onChange: (key: TryKey) => void;
}

export function TryKeyField({ settings: { agent }, value, onChange }: TryKeyFieldProps) {
  const t = useT();
  const path = `/developer/${agent.id}/keys`;
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, pt: 1, alignItems: 'center' }}>
      <TextField
        label={t('developer.try_key')}
        type="password"
        value={value.key}
        onChange={({ target }) => onChange({ ...NONE, key: target.value.trim() })}
        slotProps={{ htmlInput: { autoComplete: 'off', spellCheck: false } }}
        sx={{ flex: '1 1 220px' }}
      />
      {value.id === null ? (
        <ActButton<MadeKey>
          label="developer.make_try_key"
          text="developer.make_try_key_text"
          path={path}
          body={() => ({ forTrying: true })}
          onDone={({ id, key, expiresAt }) => onChange({ id, key, expiresAt })}
        />
      ) : (
        <>
          <span>
            {t('kit.good_until')} <Instant at={value.expiresAt} />
          </span>
          <ActButton
            label="developer.end_try_key"
            path={`${path}/${value.id}`}
            method="DELETE"
            atOnce
            done="developer.key_revoked"
            onDone={() => onChange(NONE)}
          />
        </>
      )}
    </Box>
  );
}
