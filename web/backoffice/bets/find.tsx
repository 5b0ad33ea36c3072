/** The search for whatever id somebody holds in hand: one hit leads there, more are shown to choose from. */
import SearchIcon from '@mui/icons-material/Search';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Link from '@mui/material/Link';
import TextField from '@mui/material/TextField';
import { type FormEvent, useState } from 'react';
import { Link as To, useNavigate } from 'react-router';
import { get } from '../api.ts';
import { useRefusalText, useT } from '../kit/text.ts';
import { Instant } from '../kit/values.tsx';

interface Found {
  readonly by: 'transaction' | 'key' | 'round';
  readonly id: number;
  readonly at: string;
  readonly what: string;
  readonly round: string | null;
  readonly inRound: boolean;
}

const addressOf = ({ id, inRound }: Found) => (inRound ? `/rounds/${id}` : `/movements/${id}`);

export function Find() {
  const t = useT();
  const navigate = useNavigate();
  const say = useRefusalText();
  const [what, setWhat] = useState('');
  const [found, setFound] = useState<readonly Found[] | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const search = async (event: FormEvent) => {
    event.preventDefault();
    if (what.trim() === '' || busy) return;
    setBusy(true);
    setTrouble(null);
    try {
      const answer = await get<{ found: readonly Found[] }>('/find', { what: what.trim() });
      const [only, ...others] = answer.found;
      if (only !== undefined && others.length === 0) navigate(addressOf(only));
      else setFound(answer.found);
    } catch (error) {
      setTrouble(say(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Box component="form" role="search" onSubmit={(event) => void search(event)} sx={{ mb: 1.5 }}>
      <Box sx={{ display: 'flex', gap: 1, alignItems: 'flex-start', maxWidth: 560 }}>
        <TextField
          fullWidth
          label={t('bets.find')}
          value={what}
          onChange={({ target }) => {
            setWhat(target.value);
            setFound(null);
          }}
          helperText={t('bets.find_help')}
          slotProps={{ htmlInput: { maxLength: 200, autoComplete: 'off', enterKeyHint: 'search' } }}
        />
        <Button
          type="submit"
          variant="contained"
          disabled={busy}
          startIcon={<SearchIcon />}
          sx={{ flexShrink: 0 }}
        >
          {t('bets.search')}
        </Button>
      </Box>
      <div role="status">
        {trouble === null ? null : <Alert severity="error">{trouble}</Alert>}
        {found === null ? null : <Hits found={found} />}
      </div>
    </Box>
  );
}

function Hits({ found }: { readonly found: readonly Found[] }) {
  const t = useT();
  if (found.length === 0) return <Alert severity="info">{t('bets.not_found')}</Alert>;
  return (
    <Box component="ul" sx={{ pl: 2.5, my: 1 }}>
      {found.map((each) => (
        <li key={each.id}>
          <Link component={To} to={addressOf(each)}>
            {t(`statement.types.${each.what}`)} {each.id}
          </Link>{' '}
          {each.round ?? ''} <Instant at={each.at} />
        </li>
      ))}
    </Box>
  );
}
