/** The first sign-in of somebody of the house: without an authenticator nothing else is to be had. */
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { post } from '../api.ts';
import { useT } from '../kit/text.ts';
import { Trouble, Waiting } from '../kit/trouble.tsx';
import { ME, useSignOut } from '../session.tsx';
import { ConfirmSecret, type NewSecret, RecoveryCodes } from './authenticator.tsx';
import { EntryFrame } from './frame.tsx';
import { Stack } from './stack.tsx';

export default function Enrol() {
  const t = useT();
  const queries = useQueryClient();
  const signOut = useSignOut();
  const [made, setMade] = useState<NewSecret | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const begin = () => {
    setError(null);
    post<NewSecret>('/me/totp').then(setMade, setError);
  };
  useEffect(begin, []);
  if (codes !== null)
    return (
      <EntryFrame title="entry.recovery" wide>
        <RecoveryCodes codes={codes} onKept={() => void queries.invalidateQueries({ queryKey: ME })} />
      </EntryFrame>
    );
  return (
    <EntryFrame title="entry.enrol" wide>
      <Stack>
        <Typography sx={{ color: 'text.secondary' }}>{t('entry.enrol_text')}</Typography>
        {error === null ? null : <Trouble error={error} again={begin} />}
        {made === null ? (
          error === null ? (
            <Waiting />
          ) : null
        ) : (
          <ConfirmSecret made={made} onCodes={setCodes} />
        )}
        <Button onClick={() => void signOut()}>{t('frame.sign_out')}</Button>
      </Stack>
    </EntryFrame>
  );
}
