/** Roles by name. */
import type en from '../en/roles.ts';
import type { Texts } from '../languages.ts';

export default {
  owner: '소유자',
  finance: '재무',
  support: '고객지원',
  trader: '트레이더',
  read: '조회 전용',
  agent_owner: '에이전트 대표',
  agent_staff: '에이전트 직원',
} satisfies Texts<typeof en>;
