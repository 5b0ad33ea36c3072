/** Things below each other, with air between them. */
import Box from '@mui/material/Box';
import type { ReactNode } from 'react';

export function Stack({ children }: { readonly children: ReactNode }) {
  return <Box sx={{ display: 'grid', gap: 2 }}>{children}</Box>;
}
