/** What is shown instead of what was wanted: a failure with a way out, or that there is nothing. */
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Skeleton from '@mui/material/Skeleton';
import { Component, type ReactNode } from 'react';
import { useRefusalText, useT } from './text.ts';

/** A failure in words, and a button to try again. */
export function Trouble({
  error,
  again,
}: {
  readonly error: unknown;
  readonly again?: (() => void) | undefined;
}) {
  const t = useT();
  const say = useRefusalText();
  const retry =
    again === undefined ? undefined : (
      <Button color="inherit" onClick={again}>
        {t('kit.again')}
      </Button>
    );
  return (
    <Alert severity="error" action={retry} sx={{ my: 1 }}>
      {say(error)}
    </Alert>
  );
}

/** There is nothing: what it is that is not there, and what one may do. */
export function Nothing({ text, children }: { readonly text: string; readonly children?: ReactNode }) {
  const t = useT();
  return (
    <Box sx={{ py: 5, px: 2, textAlign: 'center', color: 'text.secondary' }}>
      <p>{t(text)}</p>
      {children}
    </Box>
  );
}

/** While nothing has come yet. */
export function Waiting({ lines = 5 }: { readonly lines?: number }) {
  const t = useT();
  return (
    <Box role="status" aria-label={t('kit.loading')} sx={{ py: 1 }}>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all the same
        <Skeleton key={line} height={30} />
      ))}
    </Box>
  );
}

interface ReadProps<Answer> {
  readonly of: { readonly data: Answer | undefined; readonly error: unknown; readonly refetch: () => void };
  readonly children: (data: Answer) => ReactNode;
}

/** What was read by `useApi`, or that it is on its way, or why not: `<Read of={reading}>{(player) => …}</Read>`. */
export function Read<Answer>({ of: { data, error, refetch }, children }: ReadProps<Answer>) {
  if (data === undefined) return error === null ? <Waiting /> : <Trouble error={error} again={refetch} />;
  return (
    <>
      {error === null ? null : <Trouble error={error} again={refetch} />}
      {children(data)}
    </>
  );
}

interface FaultBorderProps {
  /** Whatever failed is forgotten when this changes. */
  readonly place: string;
  readonly children: ReactNode;
}

/** A page that breaks leaves the rest standing. A class, because only a class is told. */
export class FaultBorder extends Component<FaultBorderProps, { readonly error: unknown }> {
  override state = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override componentDidUpdate(before: FaultBorderProps) {
    if (before.place !== this.props.place && this.state.error !== null) this.setState({ error: null });
  }

  override render() {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return <Trouble error={error} again={() => location.reload()} />;
  }
}
