/** The switch between light and dark. */
import DarkModeIcon from '@mui/icons-material/DarkModeOutlined';
import LightModeIcon from '@mui/icons-material/LightModeOutlined';
import IconButton from '@mui/material/IconButton';
import { useColorScheme } from '@mui/material/styles';
import { useT } from '../kit/text.ts';

/** Light or dark; the system's wish until one is chosen. */
export function ModeButton() {
  const t = useT();
  const { mode, systemMode, setMode } = useColorScheme();
  const dark = (mode === 'system' ? systemMode : mode) === 'dark';
  return (
    <IconButton
      onClick={() => setMode(dark ? 'light' : 'dark')}
      aria-label={t(dark ? 'frame.to_light' : 'frame.to_dark')}
      title={t(dark ? 'frame.to_light' : 'frame.to_dark')}
    >
      {dark ? <LightModeIcon fontSize="small" /> : <DarkModeIcon fontSize="small" />}
    </IconButton>
  );
}
