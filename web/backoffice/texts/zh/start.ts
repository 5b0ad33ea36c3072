/** The first page. */
import type en from '../en/start.ts';
import type { Texts } from '../languages.ts';

export default {
  title: '總覽',
  hello: '您好，%{name}',
  waits: '待您處理',
  nothing_waits: '目前沒有待處理項目。',
  oldest: '最早自',
  waiting: {
    pot_requests: 'POT 儲值與撥付申請',
    inquiries: '1:1 諮詢',
    desk: '客服中心案件',
    notices: '未讀公告',
    callbacks: '未被接收的回呼',
    round_orders: '待第二人確認的結束局',
    rain_findings: '待確認的降雨結果',
    open_rounds: '逾時未結束的局',
  },
  today: '今日',
  nothing_today: '今日尚無遊玩紀錄。',
  bets: '投注筆數',
  stakes: '投注額',
  ggr: 'GGR',
  players: '會員數',
  ggr_yesterday: '昨日至同一整點 GGR',
  bets_yesterday: '昨日至同一整點投注筆數',
  as_of: '截至',
} satisfies Texts<typeof en>;
