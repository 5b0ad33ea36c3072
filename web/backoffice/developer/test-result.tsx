/** What came of one test packet. */
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { Facts, Section } from '../kit/facts.tsx';
import { Row } from '../kit/row.tsx';
import { useT } from '../kit/text.ts';
import { Money, Status, type Tone } from '../kit/values.tsx';
import { Code } from './code.tsx';
import type { Sent, TestWish } from './use-packets.ts';
import type { Tried, Verdict } from './wire.ts';

const TONES: Readonly<Record<Verdict, Tone>> = {
  accepted: 'good',
  delivered: 'good',
  refused: 'warn',
  again: 'bad',
  unavailable: 'bad',
  unknown: 'bad',
};
/** What may be taken back by a cancel. */
const CANCELLABLE: readonly string[] = ['bet', 'charge'];

interface TestResultProps {
  readonly of: Sent;
  readonly busy: boolean;
  readonly onSend: (wish: Omit<TestWish, 'username'>) => void;
}

export function TestResult({ of: { wish, answer }, busy, onSend }: TestResultProps) {
  const t = useT();
  const { id, currency, before, sent, after } = answer;
  const { packet, amount, refererId } = wish;
  const moved =
    before?.balance == null || after?.balance == null ? null : BigInt(after.balance) - BigInt(before.balance);
  const facts = [
    { label: 'developer.test_id', value: id ?? '–' },
    { label: 'developer.user', value: wish.username },
    { label: 'developer.test_amount', value: <Money minor={amount} currency={currency} /> },
    { label: 'developer.balance_before', value: <Money minor={before?.balance} currency={currency} /> },
    {
      label: 'developer.balance_after',
      value: <Money minor={(after ?? sent).balance} currency={currency} />,
    },
    { label: 'developer.moved', value: <Money minor={moved} currency={currency} result /> },
    { label: 'developer.status', value: sent.status ?? '–' },
    { label: 'developer.took_ms', value: sent.elapsedMs },
  ];
  const again = {
    packet,
    ...(amount === undefined ? {} : { amount }),
    ...(refererId === undefined ? {} : { refererId }),
  };
  const actions =
    id === null ? null : (
      <Row>
        {CANCELLABLE.includes(packet) && amount !== undefined ? (
          <Button disabled={busy} onClick={() => onSend({ packet: 'cancel', amount, refererId: id })}>
            {t('developer.test_cancel')}
          </Button>
        ) : null}
        <Button disabled={busy} onClick={() => onSend({ ...again, again: id })}>
          {t('developer.test_again')}
        </Button>
      </Row>
    );
  return (
    <Section title={`developer.packets.${packet}`} actions={actions}>
      <Box sx={{ mb: 1.5 }} role="status">
        <Outcome packet={packet} of={sent} /> {t(`callbacks.classes.${sent.class}`)}
      </Box>
      <Facts facts={facts} />
      <Box component="details" sx={{ mt: 1.5 }}>
        <Typography component="summary" variant="body1" sx={{ cursor: 'pointer', mb: 1 }}>
          {t('developer.request_and_answer')}
        </Typography>
        <Code text={requestText(sent)} label={t('developer.request')} />
        <Code text={answerText(sent)} label={t('developer.answered')} />
      </Box>
    </Section>
  );
}

/** A balance decides nothing by itself: it is told, or not. */
function Outcome({ packet, of: { verdict, class: found } }: { readonly packet: string; readonly of: Tried }) {
  const label = packet === 'balance' ? `callbacks.short.${found}` : `callbacks.verdicts.${verdict}`;
  return <Status tone={TONES[verdict]} label={label} />;
}

function requestText({ request: { method, url, headers, body } }: Tried): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${url}`, ...lines, ...(body === null ? [] : ['', body])].join('\n');
}

function answerText({ status, headers, body, class: found }: Tried): string {
  if (status === null) return found;
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  return [String(status), ...lines, '', body ?? ''].join('\n');
}
