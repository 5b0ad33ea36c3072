/** What an operator has answered last, in short; the words on hovering. */
import { useT } from '../kit/text.ts';

export function LastAnswer({
  found,
  status,
}: {
  readonly found: string | null;
  readonly status: number | null;
}) {
  const t = useT();
  if (found === null) return '–';
  return <span title={t(`callbacks.classes.${found}`)}>{status ?? t(`callbacks.short.${found}`)}</span>;
}
