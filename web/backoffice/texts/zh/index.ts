/** All Chinese (traditional) texts, by area. */

import agents from './agents.ts';
import audit from './audit.ts';
import bets from './bets.ts';
import callbacks from './callbacks.ts';
import catalogue from './catalogue.ts';
import desk from './desk.ts';
import developer from './developer.ts';
import entry from './entry.ts';
import frame from './frame.ts';
import inquiries from './inquiries.ts';
import kit from './kit.ts';
import limits from './limits.ts';
import my from './my.ts';
import notices from './notices.ts';
import people from './people.ts';
import players from './players.ts';
import pot from './pot.ts';
import ra from './ra.ts';
import rain from './rain.ts';
import refusals from './refusals.ts';
import roles from './roles.ts';
import rounds from './rounds.ts';
import start from './start.ts';
import statement from './statement.ts';
import statistics from './statistics.ts';

export default {
  pot,
  catalogue,
  agents,
  audit,
  callbacks,
  bets,
  desk,
  developer,
  entry,
  frame,
  inquiries,
  kit,
  limits,
  my,
  notices,
  people,
  players,
  ra,
  rain,
  refusals,
  roles,
  rounds,
  start,
  statement,
  statistics,
};
