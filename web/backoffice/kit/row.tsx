/** Things beside each other, as many as fit. */
import Box from '@mui/material/Box';
import type { ReactNode } from 'react';

export function Row({ children }: { readonly children: ReactNode }) {
  return <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1, alignItems: 'center' }}>{children}</Box>;
}
