/** What raises a number in the menu for oneself. Unless one says otherwise, everything does. */
import Box from '@mui/material/Box';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import { Section } from '../kit/facts.tsx';
import { useT } from '../kit/text.ts';
import { useMe } from '../session.tsx';
import { BADGE_SETTINGS } from '../shell/badges.ts';
import { useChange } from './use-change.ts';

export function Notifications() {
  const t = useT();
  const { notify } = useMe();
  const { change, busy } = useChange();
  return (
    <Section title="my.notifications">
      {t('my.notifications_text')}
      <Box sx={{ display: 'grid' }}>
        {BADGE_SETTINGS.map((key) => (
          <FormControlLabel
            key={key}
            label={t(`start.waiting.${key}`)}
            control={
              <Checkbox
                checked={notify[key] !== false}
                disabled={busy}
                onChange={(_event, on) => void change({ notify: { ...notify, [key]: on } })}
              />
            }
          />
        ))}
      </Box>
    </Section>
  );
}
