/** The bar at the top: the hub, who one is and for whom, language, light or dark, and the way out. */
import MenuIcon from '@mui/icons-material/Menu';
import PersonIcon from '@mui/icons-material/PersonOutlined';
import AppBar from '@mui/material/AppBar';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Chip from '@mui/material/Chip';
import Divider from '@mui/material/Divider';
import IconButton from '@mui/material/IconButton';
import MuiMenu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import Toolbar from '@mui/material/Toolbar';
import Typography from '@mui/material/Typography';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { patch } from '../api.ts';
import { ModeButton } from '../entry/mode-button.tsx';
import { useT } from '../kit/text.ts';
import { useLanguage } from '../language.tsx';
import { ME, useMe, useSignOut } from '../session.tsx';
import { LANGUAGES, type Language, OWN_NAMES, TAGS } from '../texts/languages.ts';

export function Bar({ onMenu }: { readonly onMenu: () => void }) {
  const t = useT();
  const { demo } = useMe();
  return (
    <AppBar
      position="fixed"
      color="inherit"
      elevation={0}
      sx={{ borderBottom: 1, borderColor: 'divider', zIndex: 1250, bgcolor: 'background.paper' }}
    >
      <Toolbar variant="dense" sx={{ gap: 1, minHeight: 48, px: { xs: 1, sm: 2 } }}>
        <IconButton onClick={onMenu} aria-label={t('frame.menu')} sx={{ display: { md: 'none' } }}>
          <MenuIcon />
        </IconButton>
        <Typography component="span" sx={{ fontWeight: 700, letterSpacing: 0.2 }}>
          Croupier
        </Typography>
        {demo ? <Chip color="warning" variant="outlined" label={t('frame.demo')} /> : null}
        <Box sx={{ flex: 1 }} />
        <ModeButton />
        <OwnMenu />
      </Toolbar>
    </AppBar>
  );
}

function OwnMenu() {
  const t = useT();
  const me = useMe();
  const go = useNavigate();
  const signOut = useSignOut();
  const speak = useSpeak();
  const { language } = useLanguage();
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <Button
        ref={button}
        color="inherit"
        startIcon={<PersonIcon />}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(true)}
        sx={{ maxWidth: { xs: 190, sm: 420 } }}
      >
        <Box component="span" sx={{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
          {me.shownName}
          <Box
            component="span"
            sx={{ color: 'text.secondary', fontWeight: 400, display: { xs: 'none', sm: 'inline' } }}
          >
            {` · ${t(`roles.${me.role}`)} · ${me.agent?.username ?? t('frame.house')}`}
          </Box>
        </Box>
      </Button>
      <MuiMenu open={open} anchorEl={() => button.current} onClose={close}>
        <Box sx={{ px: 2, py: 0.5, color: 'text.secondary', fontSize: '0.8125rem' }} role="presentation">
          {`${t(`roles.${me.role}`)} · ${me.agent?.username ?? t('frame.house')}`}
        </Box>
        <MenuItem
          onClick={() => {
            close();
            go('/my');
          }}
        >
          {t('my.title')}
        </MenuItem>
        <Divider />
        {LANGUAGES.map((each) => (
          <MenuItem
            key={each}
            lang={TAGS[each].html}
            selected={each === language}
            onClick={() => {
              close();
              speak(each);
            }}
          >
            {OWN_NAMES[each]}
          </MenuItem>
        ))}
        <Divider />
        <MenuItem onClick={() => void signOut()}>{t('frame.sign_out')}</MenuItem>
      </MuiMenu>
    </>
  );
}

/** Speaks it here, and keeps the wish with the person where there is one. */
function useSpeak() {
  const me = useMe();
  const { speak } = useLanguage();
  const queries = useQueryClient();
  return (language: Language) => {
    queries.setQueryData(ME, { ...me, language });
    speak(language);
    // It is spoken already: that it was not kept shows at the next sign-in, and harms nobody.
    if (!me.byLink) patch('/me', { language }).catch(() => {});
  };
}
