/** Packets to the agent's own server, one at a time: what went out, what came back, and what the hub would make of it. */
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import { useState } from 'react';
import { Section } from '../kit/facts.tsx';
import { ChoiceInput, MoneyInput } from '../kit/fields.tsx';
import { Row } from '../kit/row.tsx';
import { useT } from '../kit/text.ts';
import { Nothing, Trouble } from '../kit/trouble.tsx';
import { TestResult } from './test-result.tsx';
import { type Sent, type TestWish, usePackets } from './use-packets.ts';
import type { Settings } from './wire.ts';

const PACKETS = [
  'balance',
  'bet',
  'win',
  'win_zero',
  'cancel',
  'charge',
  'adjust_plus',
  'adjust_minus',
  'promo_win',
  'exceed_credit',
] as const;
export type PacketName = (typeof PACKETS)[number];

/** What answers a packet sent before. */
const REFERRING: readonly PacketName[] = ['win', 'win_zero', 'cancel', 'exceed_credit'];
const NO_AMOUNT: readonly PacketName[] = ['balance', 'win_zero'];

export function TestPage({ settings }: { readonly settings: Settings }) {
  const t = useT();
  const { sent, busy, error, send, sendAll } = usePackets(settings.agent.id);
  const [username, setUsername] = useState('');
  if (settings.callbackUrl === null) return <Alert severity="warning">{t('developer.no_url')}</Alert>;
  return (
    <>
      <Alert severity="info" sx={{ mb: 2 }}>
        {t('developer.test_text')}
      </Alert>
      <Section title="developer.test_send">
        <Box sx={{ maxWidth: 320, pt: 1, mb: 1.5 }}>
          <TextField
            fullWidth
            required
            label={t('developer.test_user')}
            helperText={t('developer.test_user_help')}
            value={username}
            onChange={({ target }) => setUsername(target.value)}
            slotProps={{ htmlInput: { autoComplete: 'off', maxLength: 64 } }}
          />
        </Box>
        <PacketForm
          currency={settings.agent.currency}
          sent={sent}
          disabled={busy || username.trim().length < 3}
          onSend={(wish) => void send({ ...wish, username: username.trim() })}
          onSendAll={(amount) => void sendAll(username.trim(), amount)}
        />
        {error === null ? null : <Trouble error={error} />}
      </Section>
      {sent.length === 0 ? <Nothing text="developer.test_none" /> : null}
      {sent.map((each) => (
        <TestResult
          key={each.n}
          of={each}
          busy={busy}
          onSend={(wish) => void send({ ...wish, username: each.wish.username })}
        />
      ))}
    </>
  );
}

interface PacketFormProps {
  readonly currency: string;
  readonly sent: readonly Sent[];
  readonly disabled: boolean;
  readonly onSend: (wish: Omit<TestWish, 'username'>) => void;
  readonly onSendAll: (amount: string) => void;
}

function PacketForm({ currency, sent, disabled, onSend, onSendAll }: PacketFormProps) {
  const t = useT();
  const [packet, setPacket] = useState<PacketName>('balance');
  const [amount, setAmount] = useState('');
  const [chosen, setReferer] = useState('');
  const bets = sent.filter(({ wish, answer }) => wish.packet === 'bet' && answer.id !== null);
  const refers = REFERRING.includes(packet);
  const needsAmount = !NO_AMOUNT.includes(packet);
  const referer = chosen || String(bets[0]?.answer.id ?? '');
  const lacks = (needsAmount && amount === '') || (refers && referer === '');
  return (
    <>
      <Row>
        <ChoiceInput
          label={t('developer.packet')}
          value={packet}
          choices={PACKETS.map((each) => ({ value: each, label: `developer.packets.${each}` }))}
          onChange={(next) => setPacket(PACKETS.find((each) => each === next) ?? 'balance')}
        />
        <MoneyInput
          label={t('developer.test_amount')}
          currency={currency}
          value={amount}
          onChange={setAmount}
        />
        {refers && bets.length > 0 ? (
          <ChoiceInput
            label={t('developer.test_referer')}
            value={referer}
            choices={bets.map(({ answer }) => ({
              value: String(answer.id),
              label: String(answer.id),
              plain: true,
            }))}
            onChange={setReferer}
          />
        ) : null}
      </Row>
      {refers && bets.length === 0 ? <p>{t('developer.test_bet_first')}</p> : null}
      <Box sx={{ mt: 1.5 }}>
        <Row>
          <Button
            variant="contained"
            disabled={disabled || lacks}
            onClick={() =>
              onSend({
                packet,
                ...(needsAmount ? { amount } : {}),
                ...(refers ? { refererId: Number(referer) } : {}),
              })
            }
          >
            {t('developer.send')}
          </Button>
          <Button variant="outlined" disabled={disabled || amount === ''} onClick={() => onSendAll(amount)}>
            {t('developer.send_all')}
          </Button>
        </Row>
      </Box>
    </>
  );
}
