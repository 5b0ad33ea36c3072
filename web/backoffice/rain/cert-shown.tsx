/** A certCode, shown this once. */
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogContentText from '@mui/material/DialogContentText';
import DialogTitle from '@mui/material/DialogTitle';
import { useId } from 'react';
import { CopyField } from '../kit/copy-field.tsx';
import { useT } from '../kit/text.ts';

export interface OneCert {
  readonly name: string;
  readonly certCode: string;
}

/** Null: none is shown. Closed by its button alone: what is gone is gone. */
export function CertShown({
  made,
  onClose,
}: {
  readonly made: OneCert | null;
  readonly onClose: () => void;
}) {
  const t = useT();
  const id = useId();
  if (made === null) return null;
  return (
    <Dialog open fullWidth maxWidth="sm" aria-labelledby={id}>
      <DialogTitle id={id} variant="h2">
        {t('rain.cert_title', { name: made.name })}
      </DialogTitle>
      <DialogContent sx={{ display: 'grid', gap: 1.5 }}>
        <DialogContentText variant="body1">{t('rain.cert_text')}</DialogContentText>
        <CopyField label="rain.cert" value={made.certCode} />
      </DialogContent>
      <DialogActions>
        <Button variant="contained" onClick={onClose}>
          {t('kit.close')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
