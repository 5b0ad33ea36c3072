/**
 * A button that does something: it asks first (with fields, if there are any), calls the hub once, says what came of it,
 * and has everything on the screen read anew. What is refused stays in the dialog, with what was typed.
 */
import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogContentText from '@mui/material/DialogContentText';
import DialogTitle from '@mui/material/DialogTitle';
import { useNotify } from 'ra-core';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { ask, Refused } from '../api.ts';
import { type ActField, ActForm, type ActValues, firstValues } from './act-form.tsx';
import { useRefusalText, useT } from './text.ts';
import { useRefresh } from './use-api.ts';

export interface ActProps<Answer> {
  /** Keys of texts. */
  readonly label: string;
  readonly title?: string;
  readonly text?: string;
  /** For the %{places} of these texts. */
  readonly named?: Readonly<Record<string, string | number>>;
  /** POST unless said otherwise. */
  readonly method?: 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly fields?: readonly ActField[];
  /** What is sent; the values that are not empty, as texts, unless said otherwise. */
  readonly body?: (values: ActValues) => unknown;
  /** Key of what is said when it is done. */
  readonly done?: string;
  readonly onDone?: (answer: Answer) => void;
  /** It takes away, or cannot be taken back. */
  readonly danger?: boolean;
  /** Does it at once: neither fields nor text. */
  readonly atOnce?: boolean;
  readonly disabled?: boolean;
  readonly variant?: 'text' | 'outlined' | 'contained';
  readonly icon?: ReactNode;
  /** More of what is asked, above the fields. */
  readonly children?: ReactNode;
}

export function ActButton<Answer = unknown>(props: ActProps<Answer>) {
  const {
    label,
    named = {},
    danger = false,
    atOnce = false,
    disabled = false,
    variant = 'outlined',
    icon,
  } = props;
  const t = useT();
  const [open, setOpen] = useState(false);
  const { act, busy, error, forget } = useAct(props, () => setOpen(false));
  const notify = useNotify();
  const say = useRefusalText();
  const press = async () => {
    forget();
    if (!atOnce) return setOpen(true);
    const refused = await act({});
    if (refused !== null) notify(say(refused), { type: 'error' });
  };
  return (
    <>
      <Button
        variant={variant}
        color={danger ? 'error' : 'primary'}
        disabled={disabled || (atOnce && busy)}
        startIcon={icon}
        onClick={(event) => {
          event.stopPropagation();
          void press();
        }}
      >
        {t(label, named)}
      </Button>
      {open ? (
        <ActDialog {...props} act={act} busy={busy} error={error} close={() => setOpen(false)} />
      ) : null}
    </>
  );
}

interface ActDialogProps<Answer> extends ActProps<Answer> {
  readonly act: (values: ActValues) => Promise<unknown>;
  readonly busy: boolean;
  readonly error: unknown;
  readonly close: () => void;
}

function ActDialog<Answer>(props: ActDialogProps<Answer>) {
  const {
    label,
    title = label,
    text,
    named = {},
    fields = [],
    danger = false,
    act,
    busy,
    error,
    close,
  } = props;
  const t = useT();
  const say = useRefusalText();
  const id = useId();
  const [values, setValues] = useState(() => firstValues(fields));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (!busy) void act(values);
  };
  return (
    <Dialog
      open
      fullWidth
      maxWidth="xs"
      onClose={busy ? undefined : close}
      aria-labelledby={id}
      onClick={(event) => event.stopPropagation()}
    >
      <form onSubmit={submit}>
        <DialogTitle id={id} variant="h2">
          {t(title, named)}
        </DialogTitle>
        <DialogContent>
          {text === undefined ? null : (
            <DialogContentText variant="body1">{t(text, named)}</DialogContentText>
          )}
          {props.children}
          <ActForm
            fields={fields}
            values={values}
            wrong={error instanceof Refused ? error.fields : {}}
            onChange={setValues}
          />
          {error === null ? null : (
            <Alert severity="error" sx={{ mt: 1.5 }}>
              {say(error)}
            </Alert>
          )}
        </DialogContent>
        <DialogActions>
          <Button onClick={close} disabled={busy}>
            {t('kit.cancel')}
          </Button>
          <Button type="submit" variant="contained" color={danger ? 'error' : 'primary'} disabled={busy}>
            {t(label, named)}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

function useAct<Answer>(props: ActProps<Answer>, close: () => void) {
  const { path, method = 'POST', body = given, done, named = {}, onDone } = props;
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const t = useT();
  const notify = useNotify();
  const refresh = useRefresh();
  return {
    busy,
    error,
    forget: () => setError(null),
    /** Null when it is done, else why not. */
    async act(values: ActValues): Promise<unknown> {
      setBusy(true);
      setError(null);
      try {
        const sent = method === 'DELETE' ? {} : { body: body(values) };
        const answer = await ask<Answer>(path, { method, ...sent });
        close();
        if (done !== undefined) notify(t(done, named), { type: 'success' });
        onDone?.(answer);
        await refresh();
        return null;
      } catch (refused) {
        setError(refused);
        return refused;
      } finally {
        setBusy(false);
      }
    },
  };
}

/** What was filled in. */
export function given(values: ActValues): ActValues {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}
