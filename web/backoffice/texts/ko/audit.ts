/** The audit log. */
import type en from '../en/audit.ts';
import type { Texts } from '../languages.ts';

export default {
  title: '감사 로그',
  at: '시각',
  actor: '처리자',
  action: '작업',
  subject: '대상',
  what: '변경 내용',
  before: '변경 전',
  ip: 'IP 주소',
  n: '번호',
  hash: '해시',
  empty: '아직 기록이 없습니다',
  chain_holds: '최근 %{lines}건의 기록이 끊김 없이 이어져 있습니다 (최신 해시 %{head}). 확인 시각',
  chain_broken: '%{n}번 기록에서 연결이 끊겼습니다. 나중에 변경된 기록입니다. 확인 시각',
} satisfies Texts<typeof en>;
