/** One call: what came, what was answered, why, and what to do about it. */
import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import { useId } from 'react';
import { Facts } from '../kit/facts.tsx';
import { Pretty } from '../kit/pretty.tsx';
import { useT } from '../kit/text.ts';
import { Instant } from '../kit/values.tsx';
import { RefusedFor } from './refused-for.tsx';
import type { RequestRow } from './wire.ts';

interface RequestDetailsProps {
  /** Null: none is looked at. */
  readonly of: RequestRow | null;
  readonly onClose: () => void;
}

export function RequestDetails({ of: row, onClose }: RequestDetailsProps) {
  return row === null ? null : <Shown row={row} onClose={onClose} />;
}

function Shown({ row, onClose }: { readonly row: RequestRow; readonly onClose: () => void }) {
  const t = useT();
  const id = useId();
  const { method, path, at, ip, keyHint, status, elapsedMs, parameters, answer, leftOut } = row;
  const facts = [
    { label: 'developer.time', value: <Instant at={at} /> },
    { label: 'developer.outcome', value: <RefusedFor {...row} /> },
    { label: 'developer.status', value: status },
    { label: 'developer.took_ms', value: elapsedMs },
    { label: 'developer.address', value: ip },
    { label: 'developer.key_key', value: keyHint === null ? '–' : `${keyHint}…` },
  ];
  return (
    <Dialog open fullWidth maxWidth="sm" onClose={onClose} aria-labelledby={id}>
      <DialogTitle id={id} variant="h2">
        {method} {path}
      </DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 2, gridTemplateColumns: 'minmax(0, 1fr)' }}>
        <Why row={row} />
        <Facts facts={facts} />
        {Object.keys(parameters).length === 0 ? null : (
          <Pretty value={parameters} label="developer.parameters" />
        )}
        {answer === '' ? null : <Pretty value={answer} label="developer.answered" />}
        {leftOut === 0 ? null : t('developer.left_out', { smart_count: leftOut })}
      </DialogContent>
      <DialogActions>
        <Button variant="contained" onClick={onClose}>
          {t('kit.close')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function Why({ row: { refusal, problems, status } }: { readonly row: RequestRow }) {
  const t = useT();
  if (refusal === null) return null;
  return (
    <Alert severity={status >= 500 ? 'error' : 'warning'}>
      {t(`developer.refusals.${refusal}.what`)}
      <br />
      <strong>{t('developer.do')}</strong> {t(`developer.refusals.${refusal}.do`)}
      {problems === null ? null : (
        <ul>
          {Object.entries(problems).flatMap(([name, list]) =>
            list.map(({ code, bound = 0 }) => (
              <li key={`${name} ${code}`}>
                <code>{name}</code>: {t(`developer.problems.${code}`, { bound })}
              </li>
            )),
          )}
        </ul>
      )}
    </Alert>
  );
}
