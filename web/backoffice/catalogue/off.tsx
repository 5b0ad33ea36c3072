/** Whether an agent has something, and who says no; and the switch. */
import Box from '@mui/material/Box';
import { ActButton } from '../kit/act-button.tsx';
import { useT } from '../kit/text.ts';
import { Instant, Status } from '../kit/values.tsx';
import { useMay } from '../session.tsx';

/** A vendor or a game as an agent has it. */
export interface Switchable {
  readonly id: number;
  /** The house and the studio offer it. */
  readonly sold: boolean;
  readonly on: boolean;
  readonly off: {
    /** A switch of this very agent that may be lifted here. */
    readonly mine: boolean;
    readonly side: string | null;
    readonly through: string | null;
    readonly person: string | null;
    readonly at: string;
  } | null;
}

export function OnOff({ of: { sold, on, off } }: { readonly of: Switchable }) {
  const t = useT();
  if (on) return <Status tone="good" label="catalogue.on" />;
  if (!sold) return <Status tone="idle" label="catalogue.not_sold" />;
  return (
    <Box component="span" sx={{ display: 'inline-flex', gap: 1, alignItems: 'center', flexWrap: 'wrap' }}>
      <Status tone="bad" label="catalogue.off" />
      {off === null ? null : (
        <Box component="span" sx={{ color: 'text.secondary', fontSize: '0.8125rem' }}>
          {off.person === null
            ? t('catalogue.by_upline')
            : t('catalogue.by', {
                name: [off.side, off.person].filter((name) => name !== null).join(', '),
              })}{' '}
          {off.through === null ? null : `(${off.through}) `}
          <Instant at={off.at} />
        </Box>
      )}
    </Box>
  );
}

interface TurnProps {
  readonly of: Switchable;
  readonly name: string;
  /** Of the API. */
  readonly path: string;
}

/** What is off above is not switched on here; one's own switch can be lifted, whatever is off above. */
export function Turn({ of: { off }, name, path }: TurnProps) {
  const may = useMay();
  if (!may('catalogue') || (off !== null && !off.mine)) return null;
  const on = off !== null;
  return (
    <ActButton
      label={on ? 'catalogue.turn_on' : 'catalogue.turn_off'}
      text={on ? 'catalogue.turn_on_text' : 'catalogue.turn_off_text'}
      named={{ name }}
      path={path}
      method="PUT"
      body={() => ({ on })}
      danger={!on}
      done="catalogue.changed"
    />
  );
}
