/** The audit log. */
export default {
  title: 'Audit log',
  at: 'Time',
  actor: 'Who',
  action: 'Act',
  subject: 'To whom or what',
  what: 'What changed',
  before: 'Before',
  ip: 'Address',
  n: 'Line',
  hash: 'Digest',
  empty: 'Nothing has been recorded yet',
  chain_holds: 'The newest %{lines} lines continue each other (head %{head}). Checked',
  chain_broken: 'The chain is broken at line %{n}: it was changed afterwards. Checked',
};
