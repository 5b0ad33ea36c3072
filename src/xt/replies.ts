/**
 * From refusal to what the operator reads: status and text in three languages. The tables are records, so a new
 * refusal does not compile until it has an answer. Error bodies are always objects with `message`.
 */
import type { Problem, Problems } from './fields.ts';

export type Language = 'ko' | 'en' | 'zh';
type Text = Readonly<Record<Language, string>>;

export type XtRefusal =
  | 'unauthenticated'
  | 'ip_not_allowed'
  | 'origin_not_allowed'
  | 'agent_blocked'
  | 'not_found'
  | 'method_not_allowed'
  | 'bad_body'
  | 'body_too_large'
  | 'agent_balance_too_low'
  | 'user_balance_too_low'
  | 'too_soon'
  | 'feed_too_soon'
  | 'operator_unavailable'
  | 'overloaded'
  | 'unknown'
  | 'internal';

interface Answer {
  readonly status: number;
  readonly text: Text;
}

const ANSWERS: Readonly<Record<XtRefusal, Answer>> = {
  unauthenticated: {
    status: 401,
    text: { ko: 'Unauthenticated.', en: 'Unauthenticated.', zh: 'Unauthenticated.' },
  },
  ip_not_allowed: {
    status: 403,
    text: {
      ko: '허용되지 않은 IP입니다.',
      en: 'This IP address is not on the allow list.',
      zh: '此 IP 不在允許名單內。',
    },
  },
  origin_not_allowed: {
    status: 403,
    text: {
      ko: '방화벽에 등록되지 않은 출처입니다.',
      en: 'This origin is not registered for calls from a browser.',
      zh: '此來源未登記瀏覽器呼叫。',
    },
  },
  agent_blocked: {
    status: 403,
    text: { ko: '사용이 중지된 에이전트입니다.', en: 'This agent is suspended.', zh: '此代理已停用。' },
  },
  not_found: {
    status: 404,
    text: { ko: '존재하지 않는 주소입니다.', en: 'There is no such call.', zh: '沒有這個介面。' },
  },
  method_not_allowed: {
    status: 405,
    text: {
      ko: '지원하지 않는 메서드입니다.',
      en: 'This call does not take that method.',
      zh: '此介面不支援該方法。',
    },
  },
  bad_body: {
    status: 422,
    text: {
      ko: '본문을 읽을 수 없습니다. JSON 또는 urlencoded 형식이어야 합니다.',
      en: 'The body could not be read: send a JSON object or urlencoded parameters.',
      zh: '無法讀取內容，請使用 JSON 物件或 urlencoded。',
    },
  },
  body_too_large: {
    status: 413,
    text: { ko: '본문이 너무 큽니다.', en: 'The body is too large.', zh: '內容過大。' },
  },
  agent_balance_too_low: {
    status: 403,
    text: {
      ko: '에이전트의 잔고가 부족합니다.',
      en: "The agent's balance is too low.",
      zh: '代理餘額不足。',
    },
  },
  user_balance_too_low: {
    status: 403,
    text: { ko: '유저의 잔고가 부족합니다.', en: "The user's balance is too low.", zh: '用戶餘額不足。' },
  },
  too_soon: {
    status: 429,
    text: {
      ko: '짧은 시간내 너무 많은 요청 시도가 발생했습니다. 1초 후 다시 시도해 주세요.',
      en: 'Too many requests for this user. Try again in a second.',
      zh: '請求過於頻繁，請於 1 秒後再試。',
    },
  },
  feed_too_soon: {
    status: 429,
    text: {
      ko: '[Too Many Request]지정된 요청 간격 이상으로 API를 호출 하실 수 없습니다.',
      en: '[Too Many Request] The interval between calls is too short.',
      zh: '[Too Many Request] 呼叫間隔過短。',
    },
  },
  operator_unavailable: {
    status: 503,
    text: {
      ko: '에이전트의 콜백 서버에 연결할 수 없습니다. 게임이 시작되지 않았습니다.',
      en: "The operator's callback server could not be asked for the balance: the game was not started.",
      zh: '無法連線至營運商的回呼伺服器，遊戲未啟動。',
    },
  },
  overloaded: {
    status: 503,
    text: {
      ko: '요청이 많아 처리하지 못했습니다. 처리된 것은 없습니다. 잠시 후 다시 시도해 주세요.',
      en: 'Too busy: nothing was done. Try again shortly.',
      zh: '系統繁忙，未進行任何處理，請稍後再試。',
    },
  },
  unknown: {
    status: 503,
    text: {
      ko: '결과를 확인할 수 없습니다. 같은 uuid로 다시 시도해 주세요.',
      en: 'The outcome is not known. Repeat with the same uuid.',
      zh: '結果未知，請使用相同 uuid 重試。',
    },
  },
  internal: {
    status: 500,
    text: { ko: '내부 오류가 발생했습니다.', en: 'Internal error.', zh: '內部錯誤。' },
  },
};

const INVALID: Text = {
  ko: 'The given data was invalid.',
  en: 'The given data was invalid.',
  zh: 'The given data was invalid.',
};

const PROBLEMS: Readonly<Record<Problem['code'], Text>> = {
  required: { ko: ':name은(는) 필수 항목입니다.', en: 'The :name field is required.', zh: ':name 為必填。' },
  selected: {
    ko: '선택된 :name은(는) 허용하지 않습니다.',
    en: 'The selected :name is not allowed.',
    zh: '所選的 :name 無效。',
  },
  text: { ko: ':name은(는) 문자열이어야 합니다.', en: 'The :name must be a text.', zh: ':name 必須是文字。' },
  encoding: {
    ko: ':name은(는) UTF-8이 아닙니다. BOM 없는 UTF-8로 보내 주세요.',
    en: 'The :name is not valid UTF-8.',
    zh: ':name 不是有效的 UTF-8。',
  },
  characters: {
    ko: ':name에 사용할 수 없는 문자가 있습니다.',
    en: 'The :name contains characters that are not allowed.',
    zh: ':name 含有不允許的字元。',
  },
  min_length: {
    ko: ':name은(는) 최소 :bound자 이상이어야 합니다.',
    en: 'The :name must have at least :bound characters.',
    zh: ':name 至少需要 :bound 個字元。',
  },
  max_length: {
    ko: ':name은(는) 최대 :bound자까지 가능합니다.',
    en: 'The :name may have at most :bound characters.',
    zh: ':name 最多 :bound 個字元。',
  },
  integer: {
    ko: ':name은(는) 정수여야 합니다.',
    en: 'The :name must be a whole number.',
    zh: ':name 必須是整數。',
  },
  min: {
    ko: ':name은(는) :bound 이상이어야 합니다.',
    en: 'The :name must be at least :bound.',
    zh: ':name 不得小於 :bound。',
  },
  max: {
    ko: ':name은(는) :bound 이하여야 합니다.',
    en: 'The :name may not be greater than :bound.',
    zh: ':name 不得大於 :bound。',
  },
  date: {
    ko: ':name은(는) YYYY-MM-DD HH:mm:ss 형식이어야 합니다.',
    en: 'The :name must look like YYYY-MM-DD HH:mm:ss (UTC).',
    zh: ':name 格式須為 YYYY-MM-DD HH:mm:ss。',
  },
  window: {
    ko: ':name은(는) start보다 이후여야 합니다.',
    en: 'The :name must not be before start.',
    zh: ':name 不得早於 start。',
  },
  boolean: {
    ko: ':name은(는) 0 또는 1이어야 합니다.',
    en: 'The :name must be 0 or 1.',
    zh: ':name 必須為 0 或 1。',
  },
  order: {
    ko: ':name은(는) asc 또는 desc여야 합니다.',
    en: 'The :name must be asc or desc.',
    zh: ':name 必須為 asc 或 desc。',
  },
  uuid_reused: {
    ko: ':name은(는) 다른 요청에 이미 사용되었습니다.',
    en: 'The :name was used before with other parameters.',
    zh: ':name 已用於其他請求。',
  },
  amount: { ko: ':name은(는) 숫자여야 합니다.', en: 'The :name must be a number.', zh: ':name 必須是數字。' },
  amount_decimals: {
    ko: ':name의 소수 자릿수가 통화 단위를 벗어났습니다.',
    en: 'The :name has more decimals than the currency.',
    zh: ':name 的小數位數超過幣別。',
  },
  amount_positive: {
    ko: ':name은(는) 0보다 커야 합니다.',
    en: 'The :name must be greater than zero.',
    zh: ':name 必須大於零。',
  },
  amount_large: { ko: ':name이(가) 너무 큽니다.', en: 'The :name is too large.', zh: ':name 過大。' },
  operator_user: {
    ko: '콜백 서버가 :name의 잔고를 알려 주지 않았습니다.',
    en: "The operator's callback server does not know the :name.",
    zh: '營運商的回呼伺服器不認識此 :name。',
  },
  seamless: {
    ko: ':name은(는) 심리스 지갑 에이전트의 유저입니다.',
    en: 'The :name belongs to a seamless wallet: the money is at the operator.',
    zh: ':name 使用無縫錢包，資金在營運商處。',
  },
  callback_ended: {
    ko: ':name의 콜백은 이미 종료되어 처리할 것이 없습니다.',
    en: 'The callback of this :name has ended: nothing of it is outstanding.',
    zh: '此 :name 的回呼已結束，無待處理項目。',
  },
  callback_asking: {
    ko: ':name의 베팅은 지금 콜백 서버의 응답을 기다리고 있습니다. 잠시 후 다시 시도해 주세요.',
    en: "The bet of this :name is being asked at the operator's server just now. Try again.",
    zh: '此 :name 的投注正在等待營運商伺服器回應，請稍後再試。',
  },
  callback_resolved: {
    ko: ':name의 콜백은 이미 수동으로 처리되었습니다.',
    en: 'The callback of this :name was resolved by hand before.',
    zh: '此 :name 的回呼已由人工處理。',
  },
  blocked: {
    ko: ':name은(는) 게임 이용이 제한된 유저입니다.',
    en: 'The :name may not play now.',
    zh: ':name 目前不可遊戲。',
  },
};

export interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfterMs?: number;
}

export function ok(body: unknown): Reply {
  return { status: 200, body };
}

/** A refusal in the operator's language. */
export function refuse(refusal: XtRefusal, language: Language, retryAfterMs?: number): Reply {
  const { status, text } = ANSWERS[refusal];
  const wait = retryAfterMs ?? (status === 503 ? 1000 : undefined);
  return { status, body: { message: text[language] }, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
}

/** 422 with every problem of every parameter. */
export function refuseFields(problems: Problems, language: Language): Reply {
  const errors = Object.fromEntries(
    Object.entries(problems).map(([name, list]) => [
      name,
      list.map((each) => describe(name, each, language)),
    ]),
  );
  return { status: 422, body: { message: INVALID[language], errors } };
}

function describe(name: string, problem: Problem, language: Language): string {
  const bound = 'bound' in problem ? String(problem.bound) : '';
  return PROBLEMS[problem.code][language].replace(':name', name).replace(':bound', bound);
}

/** Korean unless the caller prefers English or Chinese. */
export function languageOf(acceptLanguage: string | undefined): Language {
  for (const part of (acceptLanguage ?? '').split(',')) {
    const tag = part.trim().slice(0, 2).toLowerCase();
    if (tag === 'ko' || tag === 'en' || tag === 'zh') return tag;
  }
  return 'ko';
}
