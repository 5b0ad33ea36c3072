/** The operator API, call by call: what it takes and answers, as a program in six languages, and tried out here. */
import Box from '@mui/material/Box';
import Link from '@mui/material/Link';
import List from '@mui/material/List';
import ListItemButton from '@mui/material/ListItemButton';
import Typography from '@mui/material/Typography';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { ChoiceInput } from '../kit/fields.tsx';
import { useT } from '../kit/text.ts';
import { Read } from '../kit/trouble.tsx';
import { GuideCall } from './guide-call.tsx';
import { WalletGuide } from './guide-wallet.tsx';
import { type ApiCall, callsOf, type OpenApi } from './openapi.ts';
import type { TryKey } from './try-key.tsx';
import type { Settings } from './wire.ts';

const TIMEOUT_MS = 30_000;
/** Stands beside the calls: what the agent's own server answers. */
const WALLET = 'wallet';

export function Guide({ settings }: { readonly settings: Settings }) {
  const document = useQuery({
    queryKey: ['openapi'],
    staleTime: Number.POSITIVE_INFINITY,
    async queryFn() {
      const response = await fetch('/developer/openapi.json', { signal: AbortSignal.timeout(TIMEOUT_MS) });
      if (!response.ok) throw new Error(`the API's document: ${response.status}`);
      return callsOf((await response.json()) as OpenApi);
    },
  });
  const { data, error, refetch } = document;
  return (
    <Read of={{ data, error, refetch: () => void refetch() }}>
      {(calls) => <Chosen settings={settings} calls={calls} />}
    </Read>
  );
}

interface ChosenProps {
  readonly settings: Settings;
  readonly calls: readonly ApiCall[];
}

function Chosen({ settings, calls }: ChosenProps) {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const [tryKey, setTryKey] = useState<TryKey>({ id: null, key: '', expiresAt: null });
  const chosen = search.get('call') ?? calls[0]?.id ?? '';
  const call = calls.find(({ id }) => id === chosen);
  const choose = (id: string) => {
    setSearch((before) => {
      const next = new URLSearchParams(before);
      next.set('call', id);
      return next;
    });
  };
  const hasWallet = settings.agent.wallet === 'seamless';
  return (
    <>
      <Box sx={{ mb: 1.5 }}>
        {t('developer.guide_text')}{' '}
        <Link href="/developer" underline="always">
          {t('developer.reference')}
        </Link>
      </Box>
      <Box
        sx={{
          display: 'grid',
          gap: 2,
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: '250px minmax(0, 1fr)' },
        }}
      >
        <Contents calls={calls} hasWallet={hasWallet} chosen={chosen} onChoose={choose} />
        <Box sx={{ minWidth: 0 }}>
          {call === undefined ? (
            <WalletGuide />
          ) : (
            <GuideCall key={call.id} call={call} settings={settings} tryKey={tryKey} onTryKey={setTryKey} />
          )}
        </Box>
      </Box>
    </>
  );
}

interface ContentsProps {
  readonly calls: readonly ApiCall[];
  readonly hasWallet: boolean;
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}

/** A list beside the call; where there is no room for it, one to choose from. */
function Contents({ calls, hasWallet, chosen, onChoose }: ContentsProps) {
  const t = useT();
  const groups = [...new Set(calls.map(({ group }) => group))];
  const choices = calls.map(({ id, method, path }) => ({
    value: id,
    label: `${method} ${path}`,
    plain: true,
  }));
  const wallet = hasWallet ? [{ value: WALLET, label: 'developer.wallet_guide' }] : [];
  return (
    <>
      <Box sx={{ display: { xs: 'grid', md: 'none' } }}>
        <ChoiceInput
          label={t('developer.call')}
          value={chosen}
          choices={[...choices, ...wallet]}
          onChange={onChoose}
        />
      </Box>
      <Box component="nav" aria-label={t('developer.calls')} sx={{ display: { xs: 'none', md: 'block' } }}>
        {groups.map((group) => (
          <Box key={group} sx={{ mb: 1 }}>
            <Typography variant="h3" component="p" sx={{ px: 2, color: 'text.secondary' }}>
              {t(`developer.groups.${group}`)}
            </Typography>
            <List dense disablePadding>
              {calls
                .filter((call) => call.group === group)
                .map((call) => (
                  <Entry key={call.id} of={call} isChosen={call.id === chosen} onChoose={onChoose} />
                ))}
            </List>
          </Box>
        ))}
        {hasWallet ? (
          <ListItemButton dense selected={chosen === WALLET} onClick={() => onChoose(WALLET)}>
            {t('developer.wallet_guide')}
          </ListItemButton>
        ) : null}
      </Box>
    </>
  );
}

interface EntryProps extends Pick<ContentsProps, 'onChoose'> {
  readonly of: ApiCall;
  readonly isChosen: boolean;
}

function Entry({ of: { id, method, path }, isChosen, onChoose }: EntryProps) {
  return (
    <li>
      <ListItemButton
        selected={isChosen}
        aria-current={isChosen ? 'true' : undefined}
        onClick={() => onChoose(id)}
        sx={{ py: 0.25, gap: 1, fontSize: '0.8125rem' }}
      >
        <Box
          component="span"
          sx={{ minWidth: 44, color: 'text.secondary', fontSize: '0.6875rem', fontWeight: 700 }}
        >
          {method}
        </Box>
        {path}
      </ListItemButton>
    </li>
  );
}
