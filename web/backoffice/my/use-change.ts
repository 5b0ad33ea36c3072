/** Changes something about oneself; what one is then is what the hub answers. */
import { useQueryClient } from '@tanstack/react-query';
import { useNotify } from 'ra-core';
import { useState } from 'react';
import { patch } from '../api.ts';
import { useRefusalText, useT } from '../kit/text.ts';
import { ME, type Me } from '../session.tsx';

type Change = Partial<Pick<Me, 'shownName' | 'language' | 'timeZone' | 'notify'>>;

export function useChange() {
  const queries = useQueryClient();
  const notify = useNotify();
  const t = useT();
  const say = useRefusalText();
  const [busy, setBusy] = useState(false);
  const change = async (wish: Change) => {
    setBusy(true);
    try {
      queries.setQueryData(ME, await patch<Me>('/me', wish));
      notify(t('my.saved'), { type: 'success' });
    } catch (error) {
      notify(say(error), { type: 'error' });
    } finally {
      setBusy(false);
    }
  };
  return { change, busy };
}
