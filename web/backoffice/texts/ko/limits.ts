/** Maximum bets and maximum wins. */
import type en from '../en/limits.ts';
import type { Texts } from '../languages.ts';

export default {
  title: {
    bet: '최대 베팅 한도',
    win: '최대 당첨 한도',
  },
  effect: {
    bet: '한도를 넘는 베팅은 거절됩니다. 상위 에이전트, 해당 에이전트, 본사가 각각 한도를 설정하며, 적용되는 한도 중 가장 작은 값이 유효합니다. 하위에서는 한도를 줄일 수만 있고 늘릴 수 없습니다. 진행 중인 세션에도 다음 베팅부터 적용됩니다.',
    win: '한도를 넘는 당첨금은 한도까지만 지급되고 초과분은 별도 내역으로 회수됩니다. 상위 에이전트, 해당 에이전트, 본사가 각각 한도를 설정하며, 적용되는 한도 중 가장 작은 값이 유효합니다. 하위에서는 한도를 줄일 수만 있고 늘릴 수 없습니다.',
  },
  set_one: {
    bet: '최대 베팅 설정',
    win: '최대 당첨 설정',
  },
  try_one: {
    bet: '이 베팅이 가능한가요?',
    win: '이 당첨금은 얼마가 지급되나요?',
  },
  try_text: {
    bet: '한도만 확인합니다. 잔액 부족, 차단, 게임 중지로도 베팅이 거절될 수 있습니다.',
    win: '원장과 같은 규칙으로 계산합니다. 실제 지급은 이루어지지 않습니다.',
  },
  most: {
    bet: '최대 베팅',
    win: '최대 당첨',
  },
  none_at_all: {
    bet: '0으로 설정: 모든 베팅 거절',
    win: '0으로 설정: 당첨금 미지급',
  },
  empty: {
    bet: '설정된 최대 베팅 한도가 없습니다.',
    win: '설정된 최대 당첨 한도가 없습니다.',
  },
  amount: {
    bet: '베팅 금액',
    win: '당첨 금액',
  },
  count: '한도 수',
  list: '한도 목록',
  set: '설정',
  try: '시험',
  nothing: '0 (불가)',
  agent: '적용 에이전트',
  upline: '상위 에이전트',
  on: '적용 범위',
  everything: '전체',
  owner: '설정 주체',
  by_upline: '상위 에이전트',
  by_own: '본인',
  set_by: '설정자',
  set_at: '설정 시각',
  player: '유저(미선택 시 전체)',
  vendor: '벤더',
  game: '게임',
  all_vendors: '전체 벤더',
  all_games: '전체 게임',
  choose: '선택하세요',
  change: '변경',
  lift: '해제',
  lift_text: '이 한도를 해제합니다. 다른 주체가 설정한 한도는 유지됩니다.',
  lift_both_text: '이 한도를 베팅과 당첨 모두 해제합니다. 다른 주체가 설정한 한도는 유지됩니다.',
  was_set: '한도가 적용되었습니다',
  was_lifted: '해제했습니다',
  is_taken: '한도에 걸리지 않는 베팅입니다.',
  is_refused: '거절: 한도를 초과합니다.',
  is_paid: '전액 지급됩니다.',
  is_cut: '한도를 초과합니다. 지급액:',
  none_binds: '적용되는 한도가 없습니다.',
  these_bind: '적용되는 한도:',
  holds: '유효',
} satisfies Texts<typeof en>;
