/** Starts the back office's page. */
import createCache from '@emotion/cache';
import { CacheProvider } from '@emotion/react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { firstLanguage, textsIn } from './language.tsx';

const nonce = document.querySelector<HTMLMetaElement>('meta[name=style-nonce]')?.content ?? '';
const texts = await textsIn(firstLanguage());
const root = document.getElementById('app');
if (root === null) throw new Error('the page has no place for the app');
createRoot(root).render(
  <CacheProvider value={createCache({ key: 'css', nonce, prepend: true })}>
    <App texts={texts} />
  </CacheProvider>,
);
