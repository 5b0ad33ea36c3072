/** A link that is shown this once, with how long it is good. */
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogContentText from '@mui/material/DialogContentText';
import DialogTitle from '@mui/material/DialogTitle';
import { useId } from 'react';
import { CopyField } from './copy-field.tsx';
import { useT } from './text.ts';
import { Instant } from './values.tsx';

export interface OneLink {
  readonly link: string;
  readonly expiresAt: string;
}

interface LinkShownProps {
  /** Null: none is shown. */
  readonly made: OneLink | null;
  /** Keys: what it is, and what to do with it. */
  readonly title: string;
  readonly text: string;
  readonly onClose: () => void;
}

export function LinkShown({ made, title, text, onClose }: LinkShownProps) {
  const t = useT();
  const id = useId();
  if (made === null) return null;
  return (
    <Dialog open fullWidth maxWidth="sm" aria-labelledby={id}>
      <DialogTitle id={id} variant="h2">
        {t(title)}
      </DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 1.5 }}>
        <DialogContentText variant="body1">{t(text)}</DialogContentText>
        <CopyField label="kit.link" value={made.link} />
        <DialogContentText variant="body2">
          {t('kit.good_until')} <Instant at={made.expiresAt} />
        </DialogContentText>
      </DialogContent>
      <DialogActions>
        <Button variant="contained" onClick={onClose}>
          {t('kit.close')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
