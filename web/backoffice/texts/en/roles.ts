/** Roles by name. */
export default {
  owner: 'Owner',
  finance: 'Finance',
  support: 'Support',
  trader: 'Trader',
  read: 'Read only',
  agent_owner: 'Agent owner',
  agent_staff: 'Agent staff',
};
