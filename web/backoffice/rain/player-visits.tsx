/** A player's open visits and login links, and ending them. */
import type { BookPlayerDetail } from '../../../src/backoffice/rain-player-wire.ts';
import { ActButton } from '../kit/act-button.tsx';
import { Section } from '../kit/facts.tsx';
import { useT } from '../kit/text.ts';
import { Nothing } from '../kit/trouble.tsx';
import { Instant } from '../kit/values.tsx';
import { useMay } from '../session.tsx';
import { Grid } from './grid.tsx';

const REASON = { key: 'reason', type: 'reason' } as const;

export function Visits({ detail: { player, visits } }: { readonly detail: BookPlayerDetail }) {
  const t = useT();
  const may = useMay();
  const path = `/rain/players/${player.id}/visits`;
  const endAll = (
    <ActButton
      label="rain.end_visits"
      text="rain.end_visits_text"
      path={`${path}/end`}
      fields={[REASON]}
      danger
      done="rain.visit_ended"
    />
  );
  return (
    <Section title="rain.visits" actions={may('rain') && visits.length > 0 ? endAll : null}>
      {visits.length === 0 ? (
        <Nothing text="rain.no_visits" />
      ) : (
        <Grid
          label="rain.visits"
          rows={visits}
          rowKey={({ id }) => id}
          columns={[
            {
              label: 'rain.opened',
              show: ({ openedAt }) => (openedAt === null ? t('rain.not_opened') : <Instant at={openedAt} />),
            },
            { label: 'rain.seen', show: ({ seenAt }) => <Instant at={seenAt} /> },
            { label: 'rain.address', show: ({ ip }) => ip ?? '–' },
            { label: 'rain.visit_ends', show: ({ endsAt }) => <Instant at={endsAt} /> },
            {
              label: 'rain.acts',
              show: ({ id }) =>
                may('rain') ? (
                  <ActButton
                    label="rain.end_visit"
                    text="rain.end_visits_text"
                    path={`${path}/${id}/end`}
                    fields={[REASON]}
                    done="rain.visit_ended"
                  />
                ) : (
                  '–'
                ),
            },
          ]}
        />
      )}
    </Section>
  );
}
