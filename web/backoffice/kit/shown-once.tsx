/** What is shown this once. Closed by its button alone: what is gone is gone. */
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogContentText from '@mui/material/DialogContentText';
import DialogTitle from '@mui/material/DialogTitle';
import { type ReactNode, useId } from 'react';
import { useT } from './text.ts';

interface ShownOnceProps {
  /** What it is, and what to do with it; in words. */
  readonly title: string;
  readonly text: string;
  readonly children: ReactNode;
  readonly onClose: () => void;
}

export function ShownOnce({ title, text, children, onClose }: ShownOnceProps) {
  const t = useT();
  const id = useId();
  return (
    <Dialog open fullWidth maxWidth="sm" aria-labelledby={id}>
      <DialogTitle id={id} variant="h2">
        {title}
      </DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 1.5 }}>
        <DialogContentText variant="body1">{text}</DialogContentText>
        {children}
      </DialogContent>
      <DialogActions>
        <Button variant="contained" onClick={onClose}>
          {t('kit.close')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
