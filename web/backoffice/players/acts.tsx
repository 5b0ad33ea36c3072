/** What can be done to a user by whoever may. */
import { useMemo } from 'react';
import { ActButton } from '../kit/act-button.tsx';
import { useMay } from '../session.tsx';
import type { Player } from './player.ts';

const REASON = [{ key: 'reason', type: 'reason' }] as const;
const EXCLUDED_FOR = ['7', '30', '90', '180', '365', ''] as const;
const BREAKS = ['24', '48', '72', '168', '720'] as const;

export function PlayerActs({ player }: { readonly player: Player }) {
  const may = useMay();
  const { id, username, openSessions, blockedAt } = player;
  const named = { name: username };
  return (
    <>
      {may('players') && openSessions > 0 ? (
        <ActButton
          {...{ label: 'players.kick', text: 'players.kick_text', named, path: `/players/${id}/kick` }}
          fields={[{ key: 'reason', type: 'text', label: 'kit.reason' }]}
          body={({ reason = '' }) => (reason === '' ? {} : { reason })}
          done="players.kicked"
        />
      ) : null}
      {may('points') ? <GivePoints player={player} /> : null}
      {may('players') ? <OwnWish player={player} /> : null}
      {may('players') && blockedAt === null ? (
        <ActButton
          {...{ label: 'players.block', text: 'players.block_text', named, path: `/players/${id}/block` }}
          fields={REASON}
          done="players.is_blocked"
          danger
        />
      ) : null}
      {may('players') && blockedAt !== null ? (
        <ActButton
          {...{
            label: 'players.unblock',
            text: 'players.unblock_text',
            named,
            path: `/players/${id}/unblock`,
          }}
          fields={REASON}
          done="players.is_unblocked"
        />
      ) : null}
    </>
  );
}

/** A second press of the same dialog gives nothing: the key is one for each state of the user. */
function GivePoints({ player: { id, username, currency, points } }: { readonly player: Player }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: new points, a new key
  const key = useMemo(() => crypto.randomUUID(), [id, points]);
  return (
    <ActButton
      label="players.give_points"
      text="players.give_points_text"
      named={{ name: username }}
      path={`/players/${id}/points`}
      fields={[
        { key: 'amount', type: 'money', label: 'players.points', currency, required: true },
        ...REASON,
      ]}
      body={({ amount, reason }) => ({ amount, reason, key })}
      done="players.points_given"
    />
  );
}

/** What the user asked for: it can only be made longer. */
function OwnWish({ player: { id, username } }: { readonly player: Player }) {
  const named = { name: username };
  return (
    <>
      <ActButton
        {...{
          label: 'players.cool_off',
          text: 'players.cool_off_text',
          named,
          path: `/players/${id}/cool-off`,
        }}
        fields={[
          {
            key: 'hours',
            type: 'choice',
            label: 'players.for_how_long',
            choices: BREAKS.map((value) => ({ value, label: `players.breaks.h${value}` })),
            required: true,
            initial: '24',
          },
          ...REASON,
        ]}
        body={({ hours, reason }) => ({ hours: Number(hours), reason })}
        done="players.is_cooling"
      />
      <ActButton
        {...{ label: 'players.exclude', text: 'players.exclude_text', named, path: `/players/${id}/exclude` }}
        fields={[
          {
            key: 'days',
            type: 'choice',
            label: 'players.for_how_long',
            choices: EXCLUDED_FOR.map((days) => ({
              value: days === '' ? 'ever' : days,
              label: `players.exclusions.${days === '' ? 'ever' : `d${days}`}`,
            })),
            required: true,
            initial: '30',
          },
          ...REASON,
        ]}
        body={({ days, reason }) => ({ days: days === 'ever' ? null : Number(days), reason })}
        done="players.is_excluded"
        danger
      />
    </>
  );
}
