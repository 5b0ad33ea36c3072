/** The first page. */
import type en from '../en/start.ts';
import type { Texts } from '../languages.ts';

export default {
  title: '개요',
  hello: '%{name}님, 안녕하세요',
  waits: '처리 대기',
  nothing_waits: '처리할 항목이 없습니다.',
  oldest: '가장 오래된 항목',
  waiting: {
    pot_requests: 'POT 충전·지급 요청',
    inquiries: '1:1 문의',
    desk: '고객센터 문의',
    notices: '읽지 않은 공지',
    callbacks: '전달되지 않은 콜백',
    round_orders: '2차 확인이 필요한 라운드 종료',
    rain_findings: '확인할 강수 결과',
    open_rounds: '장시간 미종료 라운드',
  },
  today: '오늘',
  nothing_today: '오늘 플레이 내역이 없습니다.',
  bets: '베팅 수',
  stakes: '베팅금액',
  ggr: 'GGR',
  players: '유저 수',
  ggr_yesterday: '어제 같은 시간대까지 GGR',
  bets_yesterday: '어제 같은 시간대까지 베팅 수',
  as_of: '기준 시각',
} satisfies Texts<typeof en>;
