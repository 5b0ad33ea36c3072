/** Roles by name. */
import type en from '../en/roles.ts';
import type { Texts } from '../languages.ts';

export default {
  owner: '擁有者',
  finance: '財務',
  support: '客服',
  trader: '操盤手',
  read: '唯讀',
  agent_owner: '代理負責人',
  agent_staff: '代理人員',
} satisfies Texts<typeof en>;
