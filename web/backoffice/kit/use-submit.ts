/** A form that is sent once: while it is under way, and after it has gone through, it is not sent again. */
import { type FormEvent, useState } from 'react';

/** `error`: what was refused at the last try; null when nothing was. */
export function useSubmit(send: () => Promise<unknown>) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await send();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  return { submit, busy, error };
}
