/** What stands at the door: a card in the middle, with the language and light or dark beside it. */
import Box from '@mui/material/Box';
import CircularProgress from '@mui/material/CircularProgress';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import { type ReactNode, useEffect } from 'react';
import { ChoiceInput } from '../kit/fields.tsx';
import { useT } from '../kit/text.ts';
import { Trouble } from '../kit/trouble.tsx';
import { useLanguage } from '../language.tsx';
import { isLanguage, LANGUAGES, OWN_NAMES } from '../texts/languages.ts';
import { ModeButton } from './mode-button.tsx';

interface EntryFrameProps {
  /** Key of its title. */
  readonly title: string;
  readonly wide?: boolean;
  readonly children: ReactNode;
}

export function EntryFrame({ title, wide = false, children }: EntryFrameProps) {
  const t = useT();
  useEffect(() => {
    document.title = `${t(title)} · Croupier`;
  }, [t, title]);
  return (
    <Box component="main" sx={{ minHeight: '100dvh', display: 'grid', placeContent: 'center', p: 1.5 }}>
      <Paper
        variant="outlined"
        sx={{
          width: wide ? 'min(560px, calc(100vw - 24px))' : 'min(380px, calc(100vw - 24px))',
          p: { xs: 2, sm: 3 },
        }}
      >
        <Typography sx={{ color: 'primary.main', fontWeight: 700, letterSpacing: 0.2 }}>Croupier</Typography>
        <Typography variant="h1" sx={{ mb: 2 }}>
          {t(title)}
        </Typography>
        {children}
      </Paper>
      <Tongue />
    </Box>
  );
}

function Tongue() {
  const t = useT();
  const { language, speak } = useLanguage();
  return (
    <Box sx={{ display: 'flex', justifyContent: 'space-between', mt: 1.5 }}>
      <ChoiceInput
        label={t('frame.language')}
        value={language}
        choices={LANGUAGES.map((value) => ({ value, label: OWN_NAMES[value], plain: true }))}
        onChange={(next) => {
          if (isLanguage(next)) speak(next);
        }}
      />
      <ModeButton />
    </Box>
  );
}

/** Nothing is known yet. */
export function Starting() {
  const t = useT();
  return (
    <Box
      role="status"
      aria-label={t('kit.loading')}
      sx={{ minHeight: '100dvh', display: 'grid', placeContent: 'center' }}
    >
      <CircularProgress size={28} aria-hidden />
    </Box>
  );
}

/** The hub did not say who one is. */
export function Unreachable({ error, again }: { readonly error: unknown; readonly again: () => unknown }) {
  return (
    <EntryFrame title="frame.unreachable">
      <Trouble error={error} again={() => void again()} />
    </EntryFrame>
  );
}
