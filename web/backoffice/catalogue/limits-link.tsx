/** The way to the limits of a vendor or a game. */
import Button from '@mui/material/Button';
import { Link as To } from 'react-router';
import { useT } from '../kit/text.ts';

export function LimitsLink({ of, id }: { readonly of: 'vendor' | 'game'; readonly id: number }) {
  const t = useT();
  return (
    <Button component={To} to={`/bet-limits?${of}=${id}`}>
      {t('frame.groups.bet_limits')}
    </Button>
  );
}
