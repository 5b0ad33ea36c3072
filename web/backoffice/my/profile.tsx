/** Name as it is shown, language, time zone. */
import Autocomplete from '@mui/material/Autocomplete';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import TextField from '@mui/material/TextField';
import { type FormEvent, useState } from 'react';
import { Facts, Section } from '../kit/facts.tsx';
import { ChoiceInput } from '../kit/fields.tsx';
import { useT } from '../kit/text.ts';
import { Instant } from '../kit/values.tsx';
import { useLanguage } from '../language.tsx';
import { useMe } from '../session.tsx';
import { isLanguage, LANGUAGES, OWN_NAMES } from '../texts/languages.ts';
import { useChange } from './use-change.ts';

/** UTC is a zone that the list of the browser leaves out. */
const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

export function Profile() {
  const t = useT();
  const me = useMe();
  const { speak } = useLanguage();
  const { change, busy } = useChange();
  const [shownName, setShownName] = useState(me.shownName);
  const [language, setLanguage] = useState(me.language);
  const [timeZone, setTimeZone] = useState(me.timeZone);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    await change({ shownName: shownName.trim(), language, timeZone });
    speak(language);
  };
  const zones = ZONES.includes(timeZone) ? ZONES : [timeZone, ...ZONES];
  return (
    <Section title="my.profile">
      <Facts
        facts={[
          { label: 'entry.name', value: me.name },
          { label: 'my.role', value: t(`roles.${me.role}`) },
          { label: 'kit.agent', value: me.agent?.username ?? t('frame.house') },
          { label: 'my.password_set', value: <Instant at={me.passwordAt} /> },
        ]}
      />
      <Box
        component="form"
        onSubmit={(event: FormEvent) => void save(event)}
        sx={{ display: 'grid', gap: 1.5, mt: 2, maxWidth: 420 }}
      >
        <TextField
          required
          label={t('my.shown_name')}
          value={shownName}
          onChange={({ target }) => setShownName(target.value)}
          slotProps={{ htmlInput: { maxLength: 80 } }}
        />
        <ChoiceInput
          label={t('frame.language')}
          value={language}
          choices={LANGUAGES.map((value) => ({ value, label: OWN_NAMES[value], plain: true }))}
          onChange={(next) => {
            if (isLanguage(next)) setLanguage(next);
          }}
        />
        <Autocomplete
          options={zones}
          value={timeZone}
          disableClearable
          onChange={(_event, next) => setTimeZone(next)}
          openText={t('kit.open')}
          closeText={t('kit.close')}
          noOptionsText={t('kit.no_match')}
          renderInput={(params) => (
            <TextField {...params} label={t('my.time_zone')} helperText={t('my.time_zone_help')} />
          )}
        />
        <Button
          type="submit"
          variant="contained"
          disabled={busy || shownName.trim() === ''}
          sx={{ justifySelf: 'start' }}
        >
          {t('my.save')}
        </Button>
      </Box>
    </Section>
  );
}
