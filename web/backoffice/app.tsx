/** The page as a whole: what everything inside it stands on, and whether one is at the door or inside. */
import CssBaseline from '@mui/material/CssBaseline';
import { ThemeProvider } from '@mui/material/styles';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { CoreAdminContext, type I18nProvider, localStorageStore } from 'ra-core';
import { Notification } from 'ra-ui-materialui';
import { lazy, Suspense, useEffect } from 'react';
import { HashRouter, Route, Routes } from 'react-router';
import { onSignedOut, Refused } from './api.ts';
import { Starting, Unreachable } from './entry/frame.tsx';
import { useLanguage } from './language.tsx';
import { ME, MeProvider, useMeQuery } from './session.tsx';
import { theme } from './theme.ts';

const SignIn = lazy(() => import('./entry/sign-in.tsx'));
const Enrol = lazy(() => import('./entry/enrol.tsx'));
const Enter = lazy(() => import('./entry/enter.tsx'));
const SetPassword = lazy(() => import('./entry/set-password.tsx'));
const Shell = lazy(() => import('./shell/shell.tsx'));

const TRIES_MAX = 2;

const queries = new QueryClient({
  queryCache: new QueryCache(),
  mutationCache: new MutationCache(),
  defaultOptions: {
    queries: {
      refetchOnWindowFocus: false,
      staleTime: 1000,
      // What the hub has refused it will refuse again.
      retry: (count, error) => count < TRIES_MAX && error instanceof Refused && error.status === 0,
    },
  },
});
onSignedOut(() => queries.setQueryData(ME, null));

const store = localStorageStore('1', 'croupier.office');

export function App({ texts }: { readonly texts: I18nProvider }) {
  return (
    <ThemeProvider theme={theme} defaultMode="system" modeStorageKey="croupier.office.mode">
      <CssBaseline enableColorScheme />
      <HashRouter>
        <CoreAdminContext i18nProvider={texts} queryClient={queries} store={store}>
          <Suspense fallback={<Starting />}>
            <Routes>
              <Route path="/link/:token" element={<SetPassword />} />
              <Route path="/enter/:token" element={<Enter />} />
              <Route path="*" element={<Door />} />
            </Routes>
          </Suspense>
          <Notification />
        </CoreAdminContext>
      </HashRouter>
    </ThemeProvider>
  );
}

/** Whoever is signed out sees the sign-in at whatever address they are, and is there once they are in. */
function Door() {
  const { data: me, error, refetch } = useMeQuery();
  const { language, speak } = useLanguage();
  const wish = me === null || me === undefined || me.byLink ? null : me.language;
  // Their own wish counts when they come in; what they choose later is kept with them as well.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the wish changes
  useEffect(() => {
    if (wish !== null && wish !== language) speak(wish);
  }, [wish]);
  if (me === undefined) return error === null ? <Starting /> : <Unreachable error={error} again={refetch} />;
  if (me === null) return <SignIn />;
  return <MeProvider me={me}>{me.stage === 'enrol' ? <Enrol /> : <Shell />}</MeProvider>;
}
