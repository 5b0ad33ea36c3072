/** Maximum bets and maximum wins. */
import type en from '../en/limits.ts';
import type { Texts } from '../languages.ts';

export default {
  title: {
    bet: '最高投注額限制',
    win: '最高派彩額限制',
  },
  effect: {
    bet: '超過限額的投注會被拒絕。各級上級、代理本身與總公司各自設定限額，符合條件者中以最小值為準；下級只能縮小，不能放寬。進行中的連線也從下一注起生效。',
    win: '超過限額的派彩額只派至限額，其餘以獨立紀錄收回。各級上級、代理本身與總公司各自設定限額，符合條件者中以最小值為準；下級只能縮小，不能放寬。',
  },
  set_one: {
    bet: '設定最高投注',
    win: '設定最高派彩額',
  },
  try_one: {
    bet: '這筆投注會被接受嗎？',
    win: '這筆派彩額會派多少？',
  },
  try_text: {
    bet: '僅檢查限額；餘額不足、封鎖或遊戲停用也可能使投注被拒。',
    win: '與帳本採用相同規則，試算不會實際派彩。',
  },
  most: {
    bet: '最高投注',
    win: '最高派彩額',
  },
  none_at_all: {
    bet: '設為零：拒絕所有投注',
    win: '設為零：不派彩',
  },
  empty: {
    bet: '尚未設定最高投注額限制。',
    win: '尚未設定最高派彩額限制。',
  },
  amount: {
    bet: '投注金額',
    win: '派彩額',
  },
  count: '限額數',
  list: '限額列表',
  set: '設定',
  try: '試算',
  nothing: '零（不允許）',
  agent: '適用代理',
  upline: '上級代理',
  on: '適用範圍',
  everything: '全部',
  owner: '設定者',
  by_upline: '您的上級',
  by_own: '您',
  set_by: '設定人員',
  set_at: '設定時間',
  player: '會員（未選則全部）',
  vendor: '供應商',
  game: '遊戲',
  all_vendors: '所有供應商',
  all_games: '所有遊戲',
  choose: '請選擇',
  change: '變更',
  lift: '解除',
  lift_text: '此限額將不再適用；其他設定者的限額仍有效。',
  lift_both_text: '此限額的投注與派彩額皆不再適用；其他設定者的限額仍有效。',
  was_set: '限額已生效',
  was_lifted: '已解除',
  is_taken: '沒有限額會擋下這筆投注。',
  is_refused: '拒絕：超過限額。',
  is_paid: '全額派彩。',
  is_cut: '超過限額，實際派彩：',
  none_binds: '沒有適用的限額。',
  these_bind: '適用的限額：',
  holds: '生效',
} satisfies Texts<typeof en>;
