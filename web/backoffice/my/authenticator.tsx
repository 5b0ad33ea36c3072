/** One's authenticator: on, renewed, off where the role may, and new recovery codes. */

import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import { useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { needsSecondFactor } from '../../../src/core/office/roles.ts';
import { ConfirmSecret, type NewSecret, RecoveryCodes } from '../entry/authenticator.tsx';
import { ActButton } from '../kit/act-button.tsx';
import type { ActField } from '../kit/act-form.tsx';
import { Facts, Section } from '../kit/facts.tsx';
import { Row } from '../kit/row.tsx';
import { useT } from '../kit/text.ts';
import { Count, Status } from '../kit/values.tsx';
import { ME, useMe } from '../session.tsx';

const PASSWORD: ActField = { key: 'password', type: 'password', label: 'entry.password', required: true };
const CODE: ActField = { key: 'code', type: 'code', label: 'entry.code' };

export function Authenticator() {
  const { totp, role, recoveryCodes } = useMe();
  const queries = useQueryClient();
  const [made, setMade] = useState<NewSecret | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const again = () => void queries.invalidateQueries({ queryKey: ME });
  return (
    <Section title="my.authenticator">
      <Facts
        facts={[
          {
            label: 'my.authenticator_state',
            value: <Status tone={totp ? 'good' : 'warn'} label={totp ? 'my.on' : 'my.off'} />,
          },
          { label: 'my.codes_left', value: <Count value={recoveryCodes} /> },
        ]}
      />
      <Row>
        <ActButton<NewSecret>
          label={totp ? 'my.renew_totp' : 'my.begin_totp'}
          text="my.begin_totp_text"
          path="/me/totp"
          fields={totp ? [PASSWORD] : []}
          onDone={setMade}
        />
        {totp ? (
          <ActButton<{ recoveryCodes: string[] }>
            label="my.renew_codes"
            text="my.renew_codes_text"
            path="/me/recovery-codes"
            fields={[CODE]}
            onDone={({ recoveryCodes: next }) => setCodes(next)}
          />
        ) : null}
        {totp && !needsSecondFactor(role) ? (
          <ActButton
            label="my.end_totp"
            text="my.end_totp_text"
            path="/me/totp/end"
            fields={[PASSWORD, CODE]}
            danger
            done="my.totp_ended"
            onDone={again}
          />
        ) : null}
      </Row>
      <NewAuthenticator
        made={made}
        codes={codes}
        onCodes={(next) => {
          setMade(null);
          setCodes(next);
        }}
        onClose={() => {
          setMade(null);
          setCodes(null);
          again();
        }}
      />
    </Section>
  );
}

interface NewAuthenticatorProps {
  readonly made: NewSecret | null;
  readonly codes: readonly string[] | null;
  readonly onCodes: (codes: readonly string[]) => void;
  readonly onClose: () => void;
}

/** Recovery codes are shown until one says that they are kept. */
function NewAuthenticator({ made, codes, onCodes, onClose }: NewAuthenticatorProps) {
  const t = useT();
  const id = useId();
  if (made === null && codes === null) return null;
  return (
    <Dialog open fullWidth maxWidth="sm" aria-labelledby={id}>
      <DialogTitle id={id} variant="h2">
        {t(codes === null ? 'entry.enrol' : 'entry.recovery')}
      </DialogTitle>
      <DialogContent>
        {codes !== null ? (
          <RecoveryCodes codes={codes} onKept={onClose} />
        ) : made === null ? null : (
          <ConfirmSecret made={made} onCodes={onCodes} />
        )}
      </DialogContent>
      {codes === null ? (
        <DialogActions>
          <Button onClick={onClose}>{t('kit.cancel')}</Button>
        </DialogActions>
      ) : null}
    </Dialog>
  );
}
