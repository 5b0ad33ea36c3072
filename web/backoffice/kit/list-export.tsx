/** The export of a list: what is filtered now, in chosen columns, as a file that is counted while it comes. */
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Checkbox from '@mui/material/Checkbox';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import FormControlLabel from '@mui/material/FormControlLabel';
import LinearProgress from '@mui/material/LinearProgress';
import Typography from '@mui/material/Typography';
import { useStore } from 'ra-core';
import { useEffect, useId, useRef, useState } from 'react';
import { getStream, type Query } from '../api.ts';
import { useLanguage } from '../language.tsx';
import { formatNumber } from './amount.ts';
import { type Received, receive } from './download.ts';
import { ChoiceInput } from './fields.tsx';
import { columnsKept, hiddenOf } from './list-columns.tsx';
import type { ListColumn } from './list-types.ts';
import { useRefusalText, useT } from './text.ts';

const FORMATS = [
  { value: 'csv', label: 'CSV', plain: true },
  { value: 'xlsx', label: 'Excel', plain: true },
];

interface ListExportProps {
  readonly path: string;
  /** Filters and order in force. */
  readonly query: Query;
  readonly columns: readonly Pick<ListColumn<never>, 'key' | 'label' | 'hidden' | 'notExported'>[];
}

export function ListExport(props: ListExportProps) {
  const t = useT();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="outlined" onClick={() => setOpen(true)}>
        {t('kit.export')}
      </Button>
      {open ? <ExportDialog {...props} close={() => setOpen(false)} /> : null}
    </>
  );
}

function ExportDialog({ path, query, columns, close }: ListExportProps & { readonly close: () => void }) {
  const t = useT();
  const say = useRefusalText();
  const id = useId();
  const offered = columns.filter(({ notExported }) => !notExported);
  const [hidden] = useStore<readonly string[]>(columnsKept(path), hiddenOf(columns));
  const [chosen, setChosen] = useState(() =>
    offered.map(({ key }) => key).filter((key) => !hidden.includes(key)),
  );
  const [format, setFormat] = useState('csv');
  const { start, stop, received, error, state } = useDownload();
  const busy = state === 'busy';
  const keys = offered.map(({ key }) => key).filter((key) => chosen.includes(key));
  const go = () => start(`${path}/export`, { ...query, format, columns: keys.join(',') }, format);
  return (
    <Dialog open fullWidth maxWidth="xs" onClose={busy ? undefined : close} aria-labelledby={id}>
      <DialogTitle id={id} variant="h2">
        {t('kit.export')}
      </DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 1.5 }}>
        <Typography variant="body2">{t('kit.export_what')}</Typography>
        <ChoiceInput label={t('kit.format')} value={format} choices={FORMATS} onChange={setFormat} />
        <Box component="fieldset" disabled={busy} sx={{ border: 0, p: 0, m: 0 }}>
          <Typography component="legend" variant="body2" sx={{ color: 'text.secondary' }}>
            {t('kit.columns')}
          </Typography>
          <Box sx={{ columns: { sm: 2 } }}>
            {offered.map(({ key, label }) => (
              <FormControlLabel
                key={key}
                label={t(label)}
                sx={{ display: 'flex', breakInside: 'avoid' }}
                control={
                  <Checkbox
                    size="small"
                    checked={chosen.includes(key)}
                    onChange={(_event, on) =>
                      setChosen(on ? [...chosen, key] : chosen.filter((each) => each !== key))
                    }
                  />
                }
              />
            ))}
          </Box>
        </Box>
        {received === null ? null : <Progress received={received} state={state} />}
        {error === null ? null : <Alert severity="error">{`${t('kit.export_failed')} ${say(error)}`}</Alert>}
      </DialogContent>
      <DialogActions>
        <Button onClick={busy ? stop : close}>{t(busy ? 'kit.cancel' : 'kit.close')}</Button>
        <Button variant="contained" disabled={busy || keys.length === 0} onClick={go}>
          {t('kit.export')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

interface ProgressProps {
  readonly received: Received;
  readonly state: State;
}

function Progress({ received: { bytes, rows }, state }: ProgressProps) {
  const t = useT();
  const { locale } = useLanguage();
  const size = `${formatNumber((bytes / 1e6).toFixed(1), locale)} MB`;
  const text = rows === null ? size : t('kit.export_rows', { rows: formatNumber(rows, locale), size });
  return (
    <Box role="status">
      {state === 'busy' ? <LinearProgress aria-label={t('kit.export')} /> : null}
      <Typography variant="body2">
        {text}
        {state === 'done' ? ` · ${t('kit.export_done')}` : ''}
      </Typography>
    </Box>
  );
}

type State = 'idle' | 'busy' | 'done';

function useDownload() {
  const [state, setState] = useState<State>('idle');
  const [received, setReceived] = useState<Received | null>(null);
  const [error, setError] = useState<unknown>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const start = async (path: string, query: Query, format: string) => {
    const controller = new AbortController();
    running.current = controller;
    setState('busy');
    setError(null);
    setReceived({ bytes: 0, rows: null });
    try {
      const response = await getStream(path, query, controller.signal);
      save(await receive(response, setReceived), nameOf(response, format));
      setState('done');
    } catch (failure) {
      setState('idle');
      setReceived(null);
      if (!controller.signal.aborted) setError(failure);
    }
  };
  return { start, stop: () => running.current?.abort(), received, error, state };
}

function nameOf(response: Response, format: string): string {
  const said = response.headers.get('content-disposition') ?? '';
  return /filename="([^"]+)"/.exec(said)?.[1] ?? `export.${format}`;
}

function save(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
