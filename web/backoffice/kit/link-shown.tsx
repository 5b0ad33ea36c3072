/** A link that is shown this once, with how long it is good. */
import DialogContentText from '@mui/material/DialogContentText';
import { CopyField } from './copy-field.tsx';
import { ShownOnce } from './shown-once.tsx';
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
  if (made === null) return null;
  return (
    <ShownOnce title={t(title)} text={t(text)} onClose={onClose}>
      <CopyField label="kit.link" value={made.link} />
      <DialogContentText variant="body2">
        {t('kit.good_until')} <Instant at={made.expiresAt} />
      </DialogContentText>
    </ShownOnce>
  );
}
