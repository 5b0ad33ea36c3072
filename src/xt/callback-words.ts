/** What came of an attempt at a callback, told to people: one table, exhaustive (src/core/delivery.ts). */
import type { AnswerClass } from '../core/delivery.ts';
import type { Language } from './replies.ts';

export const CLASS_WORDS: Readonly<Record<AnswerClass, Readonly<Record<Language, string>>>> = {
  accepted: {
    ko: '200으로 수락되었습니다.',
    en: 'Answered 200: accepted.',
    zh: '回應 200，已接受。',
  },
  accepted_without_balance: {
    ko: '200이지만 필요한 balance를 읽을 수 없습니다. 베팅은 취소됩니다.',
    en: 'Answered 200, but without the balance that is required: a bet is taken back.',
    zh: '回應 200，但缺少必要的 balance，投注將被取消。',
  },
  other_success: {
    ko: '200이 아닌 2xx입니다. 수락으로 보지 않습니다.',
    en: 'Answered 2xx other than 200: not taken for acceptance, a bet is taken back.',
    zh: '回應非 200 的 2xx，不視為接受，投注將被取消。',
  },
  redirected: {
    ko: '3xx 응답입니다. 리디렉션은 따르지 않습니다.',
    en: 'Answered 3xx: redirects are not followed, a bet is refused.',
    zh: '回應 3xx，不跟隨重新導向，投注視為拒絕。',
  },
  refused: {
    ko: '4xx로 거절되었습니다.',
    en: 'Answered 4xx: refused.',
    zh: '回應 4xx，已拒絕。',
  },
  failed: {
    ko: '5xx 서버 오류입니다.',
    en: "Answered 5xx: the operator's server failed.",
    zh: '回應 5xx，營運商伺服器錯誤。',
  },
  nonsense: {
    ko: 'HTTP 상태 코드로 볼 수 없는 응답입니다.',
    en: 'Answered with a status that is none of HTTP.',
    zh: '回應的狀態碼不屬於 HTTP。',
  },
  no_callback_url: {
    ko: '콜백 주소가 설정되지 않았습니다.',
    en: 'Not sent: no callback address is set.',
    zh: '未發送，未設定回呼位址。',
  },
  address_forbidden: {
    ko: '콜백 주소가 내부 네트워크를 가리켜 보내지 않았습니다.',
    en: 'Not sent: the callback address leads to a network that callbacks may not reach.',
    zh: '未發送，回呼位址指向不允許的網路。',
  },
  unreachable: {
    ko: '연결할 수 없어 보내지 않았습니다 (주소, 포트 또는 TLS).',
    en: 'Not sent: no connection could be made (name, port or TLS).',
    zh: '未發送，無法建立連線（網域、連接埠或 TLS）。',
  },
  busy: {
    ko: '대기 중인 호출이 많아 보내지 않았습니다.',
    en: 'Not sent: too many calls to this operator were waiting.',
    zh: '未發送，等待中的呼叫過多。',
  },
  circuit_open: {
    ko: '연속된 장애로 호출을 잠시 멈춘 상태여서 보내지 않았습니다.',
    en: 'Not sent: the operator is left alone for a while after failing many times in a row.',
    zh: '未發送，因連續失敗而暫停呼叫。',
  },
  timed_out: {
    ko: '제한 시간 안에 응답이 없었습니다. 처리되었는지 알 수 없습니다.',
    en: 'Sent, but not answered in time: whether it was processed is not known.',
    zh: '已發送但逾時未回應，是否已處理不明。',
  },
  connection_lost: {
    ko: '보낸 뒤 연결이 끊어졌습니다. 처리되었는지 알 수 없습니다.',
    en: 'Sent, then the connection was lost: whether it was processed is not known.',
    zh: '已發送但連線中斷，是否已處理不明。',
  },
};
