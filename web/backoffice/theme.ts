/** How the back office looks: dense and calm, the same in light and dark. Figures line up; what has the focus shows it. */
import { createTheme } from '@mui/material/styles';

const FONT =
  "Inter, 'Noto Sans KR', 'Noto Sans TC', system-ui, -apple-system, 'Segoe UI', Roboto, 'Apple SD Gothic Neo', 'Malgun Gothic', 'PingFang TC', 'Microsoft JhengHei', sans-serif";

const light = {
  primary: { main: '#0b5a7d', contrastText: '#ffffff' },
  secondary: { main: '#5b4b8a' },
  success: { main: '#1b6e3c' },
  error: { main: '#b3261e' },
  warning: { main: '#8a5300' },
  info: { main: '#0b5a7d' },
  background: { default: '#f4f6f8', paper: '#ffffff' },
  text: { primary: '#17212b', secondary: '#51606f' },
  divider: '#dde3e9',
};

const dark = {
  primary: { main: '#7cc4e4', contrastText: '#06222f' },
  secondary: { main: '#c0b1f0' },
  success: { main: '#7fd69f' },
  error: { main: '#ff9c93' },
  warning: { main: '#f0bd6c' },
  info: { main: '#7cc4e4' },
  background: { default: '#10161c', paper: '#18212a' },
  text: { primary: '#e6ecf2', secondary: '#a3b1bf' },
  divider: '#2b3742',
};

const focus = { outline: '2px solid var(--mui-palette-primary-main)', outlineOffset: 2 };

export const theme = createTheme({
  cssVariables: { colorSchemeSelector: 'class' },
  colorSchemes: { light: { palette: light }, dark: { palette: dark } },
  spacing: 8,
  shape: { borderRadius: 6 },
  typography: {
    fontFamily: FONT,
    fontSize: 13,
    h1: { fontSize: '1.25rem', fontWeight: 650, lineHeight: 1.3 },
    h2: { fontSize: '1rem', fontWeight: 650, lineHeight: 1.4 },
    h3: { fontSize: '0.875rem', fontWeight: 650, lineHeight: 1.4 },
    body1: { fontSize: '0.875rem' },
    body2: { fontSize: '0.8125rem' },
    button: { textTransform: 'none', fontWeight: 600 },
  },
  components: {
    MuiCssBaseline: {
      styleOverrides: {
        body: { fontVariantNumeric: 'tabular-nums', WebkitTextSizeAdjust: '100%' },
        'a:focus-visible, button:focus-visible, [tabindex]:focus-visible, summary:focus-visible': focus,
        '@media (prefers-reduced-motion: reduce)': {
          '*, *::before, *::after': {
            transitionDuration: '0.01ms !important',
            animationDuration: '0.01ms !important',
          },
        },
      },
    },
    MuiButtonBase: {
      defaultProps: { disableRipple: true },
      styleOverrides: { root: { '&:focus-visible': focus } },
    },
    MuiButton: { defaultProps: { disableElevation: true, size: 'small' } },
    MuiPaper: { styleOverrides: { root: { backgroundImage: 'none' } } },
    // A phone would zoom into anything smaller.
    MuiInputBase: {
      styleOverrides: { root: { fontSize: '0.875rem', '@media (pointer: coarse)': { fontSize: '1rem' } } },
    },
    MuiTextField: { defaultProps: { size: 'small', variant: 'outlined' } },
    MuiFormControl: { defaultProps: { size: 'small' } },
    MuiAutocomplete: { defaultProps: { size: 'small' } },
    MuiChip: {
      defaultProps: { size: 'small' },
      styleOverrides: { root: { fontWeight: 600, borderRadius: 4 } },
    },
    // Within a text a colour alone tells too few that it leads somewhere.
    MuiLink: {
      defaultProps: { underline: 'hover' },
      styleOverrides: { root: { 'p &, li &, nav &': { textDecoration: 'underline' } } },
    },
    MuiTableCell: {
      styleOverrides: {
        root: { fontSize: '0.8125rem', padding: '5px 8px', whiteSpace: 'nowrap' },
        head: { fontWeight: 600, color: 'var(--mui-palette-text-secondary)', lineHeight: 1.4 },
      },
    },
    MuiTooltip: { defaultProps: { enterDelay: 400 } },
    MuiAlert: { styleOverrides: { root: { alignItems: 'center' } } },
  },
});
