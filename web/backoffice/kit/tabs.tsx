/** Tabs whose choice stands in the address, so that a link leads to one and the way back leads to the one before. */
import Box from '@mui/material/Box';
import Tab from '@mui/material/Tab';
import MuiTabs from '@mui/material/Tabs';
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { useT } from './text.ts';

export interface TabGiven {
  /** As it stands in the address. */
  readonly key: string;
  /** Key of its text. */
  readonly label: string;
  readonly render: () => ReactNode;
}

export function Tabs({ tabs, label }: { readonly tabs: readonly TabGiven[]; readonly label: string }) {
  const t = useT();
  const [search, setSearch] = useSearchParams();
  const open = tabs.find(({ key }) => key === search.get('tab')) ?? tabs[0];
  if (open === undefined) return null;
  return (
    <>
      <MuiTabs
        value={open.key}
        onChange={(_event, key: string) => setSearch({ tab: key })}
        aria-label={t(label)}
        variant="scrollable"
        scrollButtons="auto"
        allowScrollButtonsMobile
        sx={{ mb: 1.5, borderBottom: 1, borderColor: 'divider' }}
      >
        {tabs.map(({ key, label: text }) => (
          <Tab key={key} value={key} label={t(text)} id={`tab-${key}`} aria-controls="tab-panel" />
        ))}
      </MuiTabs>
      <Box role="tabpanel" id="tab-panel" aria-labelledby={`tab-${open.key}`} key={open.key}>
        {open.render()}
      </Box>
    </>
  );
}
