/** One user: what it holds, whether it may play, and all there is about it in tabs. */
import Alert from '@mui/material/Alert';
import Link from '@mui/material/Link';
import { Link as To, useParams } from 'react-router';
import { RoundsOf } from '../bets/rounds-of.tsx';
import { type Fact, Facts, Section } from '../kit/facts.tsx';
import { PageHead } from '../kit/page-head.tsx';
import { Tabs } from '../kit/tabs.tsx';
import { useT } from '../kit/text.ts';
import { Read } from '../kit/trouble.tsx';
import { useApi } from '../kit/use-api.ts';
import { Count, Instant, Money, Status } from '../kit/values.tsx';
import { useMay } from '../session.tsx';
import { PlayerStatement, PointsStatement } from '../statement/of-player.tsx';
import { PlayerActs } from './acts.tsx';
import { PlayerAudit } from './audit.tsx';
import { PlayerLimits } from './limits.tsx';
import { PlayerNotes } from './notes.tsx';
import { PLAYER_TONES, type Player } from './player.ts';
import { PlayerSessions } from './sessions.tsx';

export default function OnePlayer() {
  const { playerId = '' } = useParams();
  const reading = useApi<Player>(`/players/${playerId}`, {}, { everyMs: 15_000 });
  return <Read of={reading}>{(player) => <Shown player={player} />}</Read>;
}

function Shown({ player }: { readonly player: Player }) {
  const may = useMay();
  const { id, username, state } = player;
  const tabs = [
    { key: 'rounds', label: 'players.tabs.rounds', render: () => <RoundsOf player={id} /> },
    { key: 'statement', label: 'players.tabs.statement', render: () => <PlayerStatement player={player} /> },
    { key: 'points', label: 'players.tabs.points', render: () => <PointsStatement id={id} /> },
    { key: 'sessions', label: 'players.tabs.sessions', render: () => <PlayerSessions id={id} /> },
    { key: 'limits', label: 'players.tabs.limits', render: () => <PlayerLimits id={id} /> },
    { key: 'notes', label: 'players.tabs.notes', render: () => <PlayerNotes id={id} /> },
  ];
  const audit = { key: 'audit', label: 'players.tabs.audit', render: () => <PlayerAudit id={id} /> };
  return (
    <>
      <PageHead
        title={username}
        back={{ to: '/players', label: 'players.title' }}
        beside={<Status tone={PLAYER_TONES[state]} label={`players.states.${state}`} />}
        actions={<PlayerActs player={player} />}
      />
      <KeptOut player={player} />
      <Section>
        <Facts facts={factsOf(player)} />
      </Section>
      <Tabs label="players.parts" tabs={may('audit') ? [...tabs, audit] : tabs} />
    </>
  );
}

function factsOf(player: Player): readonly Fact[] {
  const { currency, balance, points, nickname, agent, agentName, wallet, openSessions } = player;
  return [
    { label: 'players.balance', value: <Money minor={balance} currency={currency} /> },
    { label: 'players.points', value: <Money minor={points} currency={currency} /> },
    { label: 'players.open_sessions', value: <Count value={openSessions} /> },
    { label: 'players.nickname', value: nickname },
    {
      label: 'kit.agent',
      value: (
        <Link component={To} to={`/agents/${agent}`}>
          {agentName}
        </Link>
      ),
    },
    { label: 'players.wallet', value: <Wallet kind={wallet} /> },
    { label: 'players.created', value: <Instant at={player.createdAt} /> },
    { label: 'players.seen', value: <Instant at={player.seenAt} /> },
    { label: 'players.id', value: player.id },
  ];
}

function Wallet({ kind }: { readonly kind: Player['wallet'] }) {
  const t = useT();
  return t(`players.wallets.${kind}`);
}

/** Why the user may not play, all reasons there are. */
function KeptOut({ player }: { readonly player: Player }) {
  const t = useT();
  const { blockedAt, blockReason, excludedUntil, coolingUntil, mayPlay } = player;
  if (mayPlay) return null;
  const isCooling = coolingUntil !== null && Date.parse(coolingUntil) > Date.now();
  const isExcluded =
    excludedUntil !== null && (excludedUntil === 'for good' || Date.parse(excludedUntil) > Date.now());
  return (
    <Alert severity="warning" sx={{ mb: 2 }}>
      {blockedAt === null ? null : (
        <div>
          {t('players.blocked_since')} <Instant at={blockedAt} />
          {blockReason === null ? '' : `: ${blockReason}`}
        </div>
      )}
      {isExcluded ? (
        <div>
          {excludedUntil === 'for good' ? t('players.excluded_for_good') : t('players.excluded_until')}{' '}
          {excludedUntil === 'for good' ? null : <Instant at={excludedUntil} />}
        </div>
      ) : null}
      {isCooling ? (
        <div>
          {t('players.cooling_until')} <Instant at={coolingUntil} />
        </div>
      ) : null}
    </Alert>
  );
}
