/** What K-Rain says, once it is asked. */
import Button from '@mui/material/Button';
import type { ReactNode } from 'react';
import { Section } from '../kit/facts.tsx';
import { useT } from '../kit/text.ts';
import { Read } from '../kit/trouble.tsx';
import type { useApi } from '../kit/use-api.ts';

interface AskKrainProps<Answer> {
  /** Key. */
  readonly title: string;
  readonly asked: boolean;
  /** Of a path that is there once it is asked. */
  readonly reading: ReturnType<typeof useApi<Answer>>;
  readonly onAsk: () => void;
  readonly children: (found: Answer) => ReactNode;
}

export function AskKrain<Answer>({ title, asked, reading, onAsk, children }: AskKrainProps<Answer>) {
  const t = useT();
  return (
    <Section
      title={title}
      actions={
        <Button
          variant="outlined"
          disabled={reading.isFetching}
          onClick={() => (asked ? reading.refetch() : onAsk())}
        >
          {t(reading.isFetching ? 'rain.asking' : 'rain.ask_krain')}
        </Button>
      }
    >
      {asked ? <Read of={reading}>{children}</Read> : null}
    </Section>
  );
}
