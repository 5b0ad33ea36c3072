/** Ready answers: one is chosen, and stands in the message to be changed before it is sent. */
import { useState } from 'react';
import { ChoiceInput } from '../kit/fields.tsx';
import { useT } from '../kit/text.ts';
import { useApi } from '../kit/use-api.ts';
import type { Faq } from './faq.ts';

export function ReadyAnswers({ onPick }: { readonly onPick: (text: string) => void }) {
  const t = useT();
  const [picked, setPicked] = useState('');
  const { data } = useApi<{ rows: readonly Faq[] }>('/faq', { limit: 500 });
  const rows = data?.rows ?? [];
  if (rows.length === 0) return null;
  return (
    <ChoiceInput
      label={t('desk.ready_answers')}
      value={picked}
      none="desk.pick_answer"
      choices={rows.map(({ id, question }) => ({ value: String(id), label: question, plain: true }))}
      onChange={(id) => {
        setPicked('');
        const row = rows.find((each) => String(each.id) === id);
        if (row !== undefined) onPick(row.answer);
      }}
    />
  );
}
