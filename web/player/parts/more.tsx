/** The end of a long list: reads on, or says that it could not. */
import type { Listed } from '../pages.ts';
import { useSpeech } from '../speech.tsx';

export function More({ listed }: { readonly listed: Pick<Listed<unknown>, 'state' | 'more'> }) {
  const { say } = useSpeech();
  const { state, more } = listed;
  if (state === 'all') return null;
  if (state === 'reading')
    return (
      <p className="more" role="status">
        <span className="spinner" aria-hidden="true" /> {say('loading')}
      </p>
    );
  return (
    <p className="more">
      {state === 'failed' && <span>{say('couldNotRead')}</span>}
      <button type="button" className="secondary" onClick={more}>
        {say(state === 'failed' ? 'tryAgain' : 'more')}
      </button>
    </p>
  );
}
