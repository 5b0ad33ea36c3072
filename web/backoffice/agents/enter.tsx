/** Into an agent's back office: a link, good once and for two minutes, for who is above it. */
import { useState } from 'react';
import { ActButton } from '../kit/act-button.tsx';
import { LinkShown, type OneLink } from '../kit/link-shown.tsx';

export function EnterAgent({ agent: { id, name } }: { readonly agent: { id: number; name: string } }) {
  const [made, setMade] = useState<OneLink | null>(null);
  return (
    <>
      <ActButton<OneLink>
        label="agents.enter"
        title="agents.enter_title"
        text="agents.enter_text"
        named={{ name }}
        path={`/links/${id}`}
        fields={[{ key: 'reason', type: 'reason' }]}
        onDone={setMade}
      />
      <LinkShown
        made={made}
        title="agents.enter_link"
        text="agents.enter_link_text"
        onClose={() => setMade(null)}
      />
    </>
  );
}
