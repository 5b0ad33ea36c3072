/** The head of a page: its title (also the window's), what can be done, the way back. One on every page. */
import Box from '@mui/material/Box';
import Link from '@mui/material/Link';
import Typography from '@mui/material/Typography';
import { type ReactNode, useEffect } from 'react';
import { Link as To } from 'react-router';
import { useT } from './text.ts';

interface PageHeadProps {
  /** As it is to be read: `t('players.title')` or a name. */
  readonly title: string;
  /** Beside the title: a state, a number. */
  readonly beside?: ReactNode;
  /** Where the way back leads, and what that is called. */
  readonly back?: { readonly to: string; readonly label: string };
  /** Buttons, on the right. */
  readonly actions?: ReactNode;
}

export function PageHead({ title, beside, back, actions }: PageHeadProps) {
  const t = useT();
  useEffect(() => {
    document.title = `${title} · Croupier`;
  }, [title]);
  return (
    <Box sx={{ mb: 1.5 }}>
      {back === undefined ? null : (
        <Link component={To} to={back.to} variant="body2">
          ‹ {t(back.label)}
        </Link>
      )}
      <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 1, minHeight: 32 }}>
        <Typography variant="h1" tabIndex={-1} id="page-title" sx={{ overflowWrap: 'anywhere' }}>
          {title}
        </Typography>
        {beside}
        <Box sx={{ ml: 'auto', display: 'flex', flexWrap: 'wrap', gap: 1 }}>{actions}</Box>
      </Box>
    </Box>
  );
}
