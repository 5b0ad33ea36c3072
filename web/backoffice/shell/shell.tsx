/** Inside: the bar, the menu and the page that the address names. */
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import LinearProgress from '@mui/material/LinearProgress';
import { Suspense, useEffect, useState } from 'react';
import { Route, Routes, useLocation } from 'react-router';
import { PageHead } from '../kit/page-head.tsx';
import { useT } from '../kit/text.ts';
import { FaultBorder, Nothing } from '../kit/trouble.tsx';
import { Instant } from '../kit/values.tsx';
import { PAGES } from '../pages.tsx';
import { useMe } from '../session.tsx';
import { Bar } from './bar.tsx';
import { Menu } from './menu.tsx';
import { isFor, type Page, PageProvider } from './page.ts';

const MENU_WIDTH = 224;

export default function Shell() {
  const t = useT();
  const me = useMe();
  const [menuOpen, setMenuOpen] = useState(false);
  const { pathname } = useLocation();
  useAtTop(pathname);
  return (
    <Box sx={{ display: 'flex', minHeight: '100dvh' }}>
      <Box component="a" href="#main" sx={SKIP} onClick={skip}>
        {t('frame.skip')}
      </Box>
      <Bar onMenu={() => setMenuOpen(true)} />
      <Menu width={MENU_WIDTH} open={menuOpen} onClose={() => setMenuOpen(false)} />
      <Box
        component="main"
        id="main"
        tabIndex={-1}
        sx={{
          flex: 1,
          minWidth: 0,
          pt: 'calc(48px + 16px)',
          pb: 4,
          px: { xs: 1.5, sm: 2.5 },
          outline: 'none',
        }}
      >
        <PreviousSignIn />
        <FaultBorder place={pathname}>
          <Suspense fallback={<LinearProgress aria-label={t('kit.loading')} />}>
            <Routes>
              {PAGES.filter((page) => isFor(page, me)).map((page) => (
                <Route key={page.path} path={page.path} element={<Shown page={page} />} />
              ))}
              <Route path="*" element={<NoSuchPage />} />
            </Routes>
          </Suspense>
        </FaultBorder>
      </Box>
    </Box>
  );
}

const SKIP = {
  position: 'fixed',
  top: -60,
  left: 8,
  zIndex: 2000,
  p: 1,
  bgcolor: 'background.paper',
  color: 'primary.main',
  borderRadius: 1,
  '&:focus': { top: 8 },
} as const;

/** The address is the page's own: a plain link to `#main` would leave it. */
function skip(event: { preventDefault(): void }): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

/** Another page begins at its top. */
function useAtTop(pathname: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the page is another
  useEffect(() => {
    window.scrollTo(0, 0);
  }, [pathname]);
}

function Shown({ page }: { readonly page: Page }) {
  const { component: Component } = page;
  return (
    <PageProvider value={page}>
      <Component />
    </PageProvider>
  );
}

function NoSuchPage() {
  const t = useT();
  return (
    <>
      <PageHead title={t('frame.no_page')} />
      <Nothing text="frame.no_page_text" />
    </>
  );
}

/** Somebody else's sign-in is noticed by whoever is shown the last one. */
function PreviousSignIn() {
  const t = useT();
  const { previous } = useMe();
  const at = previous?.at ?? '';
  const [seen, setSeen] = useState(() => sessionStorage.getItem(SEEN) === at);
  if (previous === null || seen) return null;
  const close = () => {
    sessionStorage.setItem(SEEN, at);
    setSeen(true);
  };
  return (
    <Alert severity="info" sx={{ mb: 1.5, py: 0 }} action={<Button onClick={close}>{t('kit.close')}</Button>}>
      {t('frame.previous')} <Instant at={at} /> · {previous.ip}
    </Alert>
  );
}

const SEEN = 'croupier.office.previous';
