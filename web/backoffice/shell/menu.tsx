/** The menu: groups in their order, with what waits for somebody. Beside the page on a desk, over it on a phone. */
import ExpandLess from '@mui/icons-material/ExpandLess';
import ExpandMore from '@mui/icons-material/ExpandMore';
import Box from '@mui/material/Box';
import Collapse from '@mui/material/Collapse';
import Drawer from '@mui/material/Drawer';
import List from '@mui/material/List';
import ListItem from '@mui/material/ListItem';
import ListItemButton from '@mui/material/ListItemButton';
import ListItemIcon from '@mui/material/ListItemIcon';
import ListItemText from '@mui/material/ListItemText';
import { type ComponentType, useEffect, useState } from 'react';
import { Link, useLocation } from 'react-router';
import { useT } from '../kit/text.ts';
import { useApi } from '../kit/use-api.ts';
import { PAGES } from '../pages.tsx';
import { useMe } from '../session.tsx';
import { type Badge as BadgeName, badgesOf } from './badges.ts';
import { ICONS } from './icons.ts';
import { GROUPS, type Group, isFor, type Page } from './page.ts';

interface MenuProps {
  readonly width: number;
  readonly open: boolean;
  readonly onClose: () => void;
}

export function Menu({ width, open, onClose }: MenuProps) {
  const t = useT();
  const paper = { sx: { width, boxSizing: 'border-box', pt: '48px' } } as const;
  return (
    <>
      <Drawer
        variant="temporary"
        open={open}
        onClose={onClose}
        slotProps={{ paper: { ...paper, 'aria-label': t('frame.menu') } }}
        sx={{ display: { md: 'none' } }}
      >
        <Entries onGo={onClose} />
      </Drawer>
      <Drawer
        variant="permanent"
        slotProps={{ paper }}
        sx={{ width, flexShrink: 0, display: { xs: 'none', md: 'block' } }}
      >
        <Entries onGo={() => {}} />
      </Drawer>
    </>
  );
}

const UNREAD_MS = 30_000;

function useUnread(): Partial<Record<Group, number>> {
  const { notify } = useMe();
  const { data } = useApi<Partial<Record<BadgeName, number>>>('/unread', {}, { everyMs: UNREAD_MS });
  return badgesOf(data ?? {}, notify);
}

function Entries({ onGo }: { readonly onGo: () => void }) {
  const t = useT();
  const me = useMe();
  const unread = useUnread();
  const seen = PAGES.filter((page) => page.inMenu !== false && isFor(page, me));
  return (
    <Box component="nav" aria-label={t('frame.menu')}>
      <List dense sx={{ py: 0.5 }}>
        {GROUPS.map((group) => {
          const pages = seen.filter((page) => page.group === group);
          const [only, second] = pages;
          if (only === undefined) return null;
          const shared = { group, unread: unread[group] ?? 0, onGo };
          return second === undefined ? (
            <Entry
              key={group}
              {...shared}
              page={only}
              label={t(`frame.groups.${group}`)}
              Icon={ICONS[group]}
            />
          ) : (
            <Folder key={group} {...shared} pages={pages} />
          );
        })}
      </List>
    </Box>
  );
}

interface GroupProps {
  readonly group: Group;
  readonly unread: number;
  readonly onGo: () => void;
}

function Folder({ group, pages, unread, onGo }: GroupProps & { readonly pages: readonly Page[] }) {
  const t = useT();
  const here = useHere();
  const isHere = pages.some(({ path }) => here(path));
  const [open, setOpen] = useState(isHere);
  // Also whoever came by a link sees where they are.
  useEffect(() => {
    if (isHere) setOpen(true);
  }, [isHere]);
  const Icon = ICONS[group];
  return (
    <>
      <ListItem disablePadding>
        <ListItemButton onClick={() => setOpen(!open)} aria-expanded={open} selected={isHere && !open}>
          <Face Icon={Icon} label={t(`frame.groups.${group}`)} unread={unread} />
          {open ? <ExpandLess fontSize="small" /> : <ExpandMore fontSize="small" />}
        </ListItemButton>
      </ListItem>
      <Collapse in={open} component="li" unmountOnExit>
        <List dense disablePadding>
          {pages.map((page) => (
            <Entry key={page.path} {...{ group, page, onGo }} unread={0} label={t(page.title)} Icon={null} />
          ))}
        </List>
      </Collapse>
    </>
  );
}

interface FaceProps {
  readonly label: string;
  readonly unread: number;
  /** Null: below a folder. */
  readonly Icon: ComponentType<{ fontSize?: 'small' }> | null;
}

function Entry({ page, onGo, ...face }: GroupProps & FaceProps & { readonly page: Page }) {
  const here = useHere();
  const isHere = here(page.path);
  return (
    <ListItem disablePadding>
      <ListItemButton
        component={Link}
        to={page.path}
        selected={isHere}
        aria-current={isHere ? 'page' : undefined}
        onClick={onGo}
      >
        <Face {...face} />
      </ListItemButton>
    </ListItem>
  );
}

const SHOWN_MAX = 99;
/** Takes room of its own: a name beside it goes to a second line rather than below it. */
const NEW = {
  ml: 1,
  px: 0.75,
  minWidth: 20,
  borderRadius: 10,
  textAlign: 'center',
  fontSize: '0.75rem',
  fontWeight: 600,
  lineHeight: '20px',
  bgcolor: 'error.main',
  color: 'error.contrastText',
} as const;

function Face({ label, unread, Icon }: FaceProps) {
  const t = useT();
  return (
    <>
      <ListItemIcon sx={{ minWidth: 32 }}>{Icon === null ? null : <Icon fontSize="small" />}</ListItemIcon>
      <ListItemText
        primary={label}
        slotProps={{ primary: { sx: { fontSize: '0.8125rem', lineHeight: 1.35 } } }}
      />
      {unread === 0 ? null : (
        <Box component="span" role="img" aria-label={t('frame.unread', { smart_count: unread })} sx={NEW}>
          {unread > SHOWN_MAX ? `${SHOWN_MAX}+` : unread}
        </Box>
      )}
    </>
  );
}

/** Whether one is at a page or at something below it. */
function useHere(): (path: string) => boolean {
  const { pathname } = useLocation();
  return (path) => (path === '/' ? pathname === '/' : pathname === path || pathname.startsWith(`${path}/`));
}
