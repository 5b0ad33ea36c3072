/** All English texts, by area. The other languages have the same keys. */
import entry from './entry.ts';
import frame from './frame.ts';
import kit from './kit.ts';
import ra from './ra.ts';
import refusals from './refusals.ts';
import roles from './roles.ts';

export default {
  entry,
  frame,
  kit,
  ra,
  refusals,
  roles,
  start: { title: 'Overview' },
  audit: { title: 'Audit log' },
  people: { title: 'People', one: 'Person' },
  my: { title: 'My page' },
};
