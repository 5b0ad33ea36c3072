/** Parts of pages about one thing: a titled section, and facts as pairs of what and how much. */
import Box from '@mui/material/Box';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import { type ReactNode, useId } from 'react';
import { useT } from './text.ts';

interface SectionProps {
  /** Key of its heading. */
  readonly title?: string;
  /** In its place: a name, as it is to be read. */
  readonly name?: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function Section({ title, name, actions, children }: SectionProps) {
  const t = useT();
  const heading = title === undefined ? name : t(title);
  const id = useId();
  const named = heading === undefined ? {} : { component: 'section' as const, 'aria-labelledby': id };
  return (
    <Paper variant="outlined" {...named} sx={{ p: { xs: 1.5, sm: 2 }, mb: 2, minWidth: 0 }}>
      {heading === undefined && actions === undefined ? null : (
        <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 1, mb: 1 }}>
          {heading === undefined ? null : (
            <Typography variant="h2" id={id}>
              {heading}
            </Typography>
          )}
          <Box sx={{ ml: 'auto', display: 'flex', flexWrap: 'wrap', gap: 1 }}>{actions}</Box>
        </Box>
      )}
      {children}
    </Paper>
  );
}

export interface Fact {
  /** Key of what it is. */
  readonly label: string;
  readonly value: ReactNode;
}

/** As many columns as fit. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  const t = useT();
  return (
    <Box
      component="dl"
      sx={{
        m: 0,
        display: 'grid',
        gap: '10px 20px',
        '& + *': { mt: 1.5 },
        gridTemplateColumns: 'repeat(auto-fill, minmax(min(100%, 140px), 1fr))',
      }}
    >
      {facts.map(({ label, value }) => (
        <Box key={label} sx={{ minWidth: 0 }}>
          <Typography component="dt" variant="body2" sx={{ color: 'text.secondary' }}>
            {t(label)}
          </Typography>
          <Typography component="dd" variant="body1" sx={{ m: 0, overflowWrap: 'anywhere' }}>
            {value}
          </Typography>
        </Box>
      ))}
    </Box>
  );
}
