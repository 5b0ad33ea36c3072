/** All Chinese (traditional) texts, by area. */
import audit from './audit.ts';
import entry from './entry.ts';
import frame from './frame.ts';
import kit from './kit.ts';
import my from './my.ts';
import people from './people.ts';
import ra from './ra.ts';
import refusals from './refusals.ts';
import roles from './roles.ts';
import start from './start.ts';

export default {
  audit,
  entry,
  frame,
  kit,
  my,
  people,
  ra,
  refusals,
  roles,
  start,
};
