/** A user's launches: tokens, open games, and how they ended. */
import { ListView } from '../kit/list.tsx';
import type { ListColumn } from '../kit/list-types.ts';
import { useT } from '../kit/text.ts';
import { Status, type Tone } from '../kit/values.tsx';

interface SessionRow {
  readonly id: number;
  readonly title: string | null;
  readonly vendor: string | null;
  readonly state: 'token' | 'open' | 'ended';
  readonly issuedAt: string;
  readonly openedAt: string | null;
  readonly endedAt: string | null;
  readonly endReason: string | null;
}

const TONES: Readonly<Record<SessionRow['state'], Tone>> = { token: 'info', open: 'good', ended: 'idle' };

const COLUMNS: readonly ListColumn<SessionRow>[] = [
  { key: 'issuedAt', label: 'players.issued', type: 'instant' },
  { key: 'vendor', label: 'bets.vendor', type: 'text' },
  { key: 'title', label: 'bets.game', type: 'text' },
  {
    key: 'state',
    label: 'players.state',
    type: 'text',
    render: ({ state }) => <Status tone={TONES[state]} label={`players.sessions.${state}`} />,
  },
  { key: 'openedAt', label: 'players.opened', type: 'instant' },
  { key: 'endedAt', label: 'players.ended', type: 'instant' },
  {
    key: 'endReason',
    label: 'players.why',
    type: 'text',
    render: ({ endReason }) => <Why reason={endReason} />,
  },
];

const KNOWN = ['closed', 'kicked', 'refreshed', 'expired'];

function Why({ reason }: { readonly reason: string | null }) {
  const t = useT();
  if (reason === null) return '–';
  return KNOWN.includes(reason) ? t(`players.ends.${reason}`) : reason;
}

export function PlayerSessions({ id }: { readonly id: number }) {
  return (
    <ListView<SessionRow>
      path={`/players/${id}/sessions`}
      columns={COLUMNS}
      filters={[{ type: 'flag', key: 'open', label: 'players.only_open' }]}
      empty="players.no_sessions"
    />
  );
}
