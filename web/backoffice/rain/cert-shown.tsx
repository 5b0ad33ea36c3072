/** A certCode, shown this once. */
import { CopyField } from '../kit/copy-field.tsx';
import { ShownOnce } from '../kit/shown-once.tsx';
import { useT } from '../kit/text.ts';

export interface OneCert {
  readonly name: string;
  readonly certCode: string;
}

/** Null: none is shown. */
export function CertShown({
  made,
  onClose,
}: {
  readonly made: OneCert | null;
  readonly onClose: () => void;
}) {
  const t = useT();
  if (made === null) return null;
  return (
    <ShownOnce title={t('rain.cert_title', { name: made.name })} text={t('rain.cert_text')} onClose={onClose}>
      <CopyField label="rain.cert" value={made.certCode} />
    </ShownOnce>
  );
}
