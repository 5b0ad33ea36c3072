/** Making an agent below another, and what is shown of it this once: keys, secret, the link of its first person. */
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogContentText from '@mui/material/DialogContentText';
import DialogTitle from '@mui/material/DialogTitle';
import { useId, useState } from 'react';
import { useNavigate } from 'react-router';
import { ActButton } from '../kit/act-button.tsx';
import type { ActField, ActValues } from '../kit/act-form.tsx';
import { CopyField } from '../kit/copy-field.tsx';
import { useT } from '../kit/text.ts';
import { useMay, useMe } from '../session.tsx';

interface Made {
  readonly id: number;
  readonly username: string;
  readonly apiKey: string;
  readonly callbackSecret: string | null;
  readonly person: { readonly name: string; readonly link: string } | null;
  readonly personRefused: string | null;
}

const WALLETS = [
  { value: 'transfer', label: 'agents.wallets.transfer' },
  { value: 'seamless', label: 'agents.wallets.seamless' },
];

/** `below`: the upline is fixed; else it is chosen, and for the house none is a root. */
export function CreateAgent({
  below,
}: {
  readonly below?: { readonly id: number; readonly username: string };
}) {
  const { agent } = useMe();
  const may = useMay();
  const [made, setMade] = useState<Made | null>(null);
  const isHouse = agent === null;
  const fields: readonly ActField[] = [
    ...(below === undefined
      ? [
          {
            key: 'agent',
            type: 'agent',
            label: isHouse ? 'agents.upline_or_root' : 'agents.upline_or_own',
          } as const,
        ]
      : []),
    { key: 'username', type: 'text', label: 'agents.username', help: 'agents.username_help', required: true },
    { key: 'nickname', type: 'text', label: 'agents.nickname' },
    ...(isHouse && below === undefined
      ? [{ key: 'currency', type: 'text', label: 'agents.currency', help: 'agents.currency_help' } as const]
      : []),
    {
      key: 'wallet',
      type: 'choice',
      label: 'agents.wallet',
      choices: WALLETS,
      required: true,
      initial: 'transfer',
    },
    { key: 'callbackUrl', type: 'text', label: 'agents.callback_url', help: 'agents.callback_url_help' },
    ...(may('people')
      ? [
          { key: 'person', type: 'text', label: 'agents.person', help: 'agents.person_help' } as const,
          { key: 'shownName', type: 'text', label: 'agents.person_shown' } as const,
        ]
      : []),
  ];
  return (
    <>
      <ActButton<Made>
        label={below === undefined ? 'agents.create' : 'agents.create_below'}
        title="agents.create_title"
        text="agents.create_text"
        path="/agents"
        variant="contained"
        fields={fields}
        body={(values) => wishOf(values, below?.id)}
        onDone={setMade}
      />
      {made === null ? null : <Shown made={made} onClose={() => setMade(null)} />}
    </>
  );
}

function wishOf(values: ActValues, below: number | undefined) {
  const { person = '', shownName = '', agent = '', currency = '', ...rest } = values;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value.trim() !== ''));
  const upline = below === undefined ? agent : String(below);
  return {
    ...given,
    ...(upline === '' ? {} : { agent: upline }),
    ...(currency === '' ? {} : { currency: currency.trim().toUpperCase() }),
    ...(person === '' ? {} : { person: { name: person, shownName: shownName === '' ? person : shownName } }),
  };
}

function Shown({ made, onClose }: { readonly made: Made; readonly onClose: () => void }) {
  const t = useT();
  const id = useId();
  const navigate = useNavigate();
  const { username, apiKey, callbackSecret, person, personRefused } = made;
  const close = () => {
    onClose();
    navigate(`/agents/${made.id}`);
  };
  return (
    <Dialog open fullWidth maxWidth="sm" aria-labelledby={id}>
      <DialogTitle id={id} variant="h2">
        {t('agents.made', { name: username })}
      </DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 1.5 }}>
        <DialogContentText variant="body1">{t('agents.made_text')}</DialogContentText>
        <CopyField label="agents.api_key" value={apiKey} />
        {callbackSecret === null ? null : <CopyField label="agents.callback_secret" value={callbackSecret} />}
        {person === null ? null : <CopyField label="agents.person_link" value={person.link} />}
        {personRefused === null ? null : (
          <DialogContentText variant="body1" color="error">
            {t(personRefused === 'taken' ? 'agents.person_taken' : 'agents.person_refused')}
          </DialogContentText>
        )}
      </DialogContent>
      <DialogActions>
        <Button variant="contained" onClick={close}>
          {t('agents.kept')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
