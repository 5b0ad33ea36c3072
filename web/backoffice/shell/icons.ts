/** The menu's icons, by group. */

import Pot from '@mui/icons-material/AccountBalanceWalletOutlined';
import My from '@mui/icons-material/AccountCircleOutlined';
import Agents from '@mui/icons-material/AccountTreeOutlined';
import Statistics from '@mui/icons-material/BarChartOutlined';
import Catalogue from '@mui/icons-material/CasinoOutlined';
import Developer from '@mui/icons-material/CodeOutlined';
import WinLimits from '@mui/icons-material/EmojiEventsOutlined';
import People from '@mui/icons-material/GroupsOutlined';
import Start from '@mui/icons-material/HomeOutlined';
import Rounds from '@mui/icons-material/HourglassEmptyOutlined';
import Inquiries from '@mui/icons-material/MailOutlined';
import Players from '@mui/icons-material/PersonOutlined';
import Audit from '@mui/icons-material/PolicyOutlined';
import Bets from '@mui/icons-material/ReceiptLongOutlined';
import PotRequests from '@mui/icons-material/RequestQuoteOutlined';
import Desk from '@mui/icons-material/SupportAgentOutlined';
import Callbacks from '@mui/icons-material/SyncAltOutlined';
import BetLimits from '@mui/icons-material/VerticalAlignTopOutlined';
import Rain from '@mui/icons-material/WaterDropOutlined';
import type SvgIcon from '@mui/material/SvgIcon';
import type { Group } from './page.ts';

export const ICONS: Readonly<Record<Group, typeof SvgIcon>> = {
  start: Start,
  players: Players,
  bets: Bets,
  pot: Pot,
  bet_limits: BetLimits,
  win_limits: WinLimits,
  agents: Agents,
  pot_requests: PotRequests,
  inquiries: Inquiries,
  desk: Desk,
  statistics: Statistics,
  callbacks: Callbacks,
  rounds: Rounds,
  rain: Rain,
  catalogue: Catalogue,
  audit: Audit,
  developer: Developer,
  people: People,
  my: My,
};
