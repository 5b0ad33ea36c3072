/** The page's words. `{amount}` and the like are filled in by the caller. */

export type Texts = {
  name: string;
  book: string;
  open: string;
  wallet: string;
  more: string;
  leave: string;
  opening: string;
  entering: string;
  leaving: string;
  left: string;
  leftOpen: string;
  replaced: string;
  again: string;
  retry: string;
  silent: string;
  codes: Readonly<Record<string, string>>;
};

const en: Texts = {
  name: 'Rain',
  book: 'In the book',
  open: 'In open bets',
  wallet: 'Wallet',
  more: 'Bring in {amount}',
  leave: 'Leave',
  opening: 'Opening…',
  entering: 'Your balance is on its way to the rain book…',
  leaving: 'Your money is on its way back to your wallet…',
  left: 'You have left the rain book. Your wallet has {amount}.',
  leftOpen: '{amount} are in open bets. What they bring comes to your wallet when they are settled.',
  replaced: 'The rain book is open in another window. It goes on there.',
  again: 'Play on',
  retry: 'Try again',
  silent: 'No answer. Trying on…',
  codes: {
    currency_mismatch: 'The rain book is played in US dollars only. Your wallet holds another currency.',
    no_launch: 'This page is opened from the lobby.',
    token_invalid: 'This link has been used. Open the game again from the lobby.',
    session_unknown: 'This visit is over. Open the game again from the lobby.',
    session_ended: 'Your session is over. Open the game again from the lobby.',
    player_blocked: 'You cannot play at present. Please ask your operator.',
    game_disabled: 'The game is closed at present.',
    limit_exceeded: 'Your operator allows no stake of this size.',
    insufficient_funds: 'Your wallet has changed meanwhile. Please try again.',
    operator_refused: 'Your operator did not release the money. Nothing was taken.',
    operator_unavailable: 'Your operator cannot be reached. Nothing was taken.',
    hub_unreachable: 'The wallet cannot be reached at present. Nothing was taken.',
    book_unreachable: 'The rain book cannot be reached at present. Nothing was taken.',
    book_refused: 'The rain book cannot take you at present. What was taken is in your wallet again.',
    refused: 'This is not possible at present.',
  },
};

const ko: Texts = {
  name: '비',
  book: '북 잔액',
  open: '진행 중인 베팅',
  wallet: '지갑',
  more: '{amount} 추가',
  leave: '나가기',
  opening: '여는 중…',
  entering: '잔액을 레인 북으로 옮기는 중입니다…',
  leaving: '금액을 지갑으로 되돌리는 중입니다…',
  left: '레인 북에서 나왔습니다. 지갑 잔액은 {amount}입니다.',
  leftOpen: '진행 중인 베팅에 {amount}이 있습니다. 정산되면 지갑으로 들어옵니다.',
  replaced: '레인 북이 다른 창에서 열려 있습니다. 그 창에서 계속하세요.',
  again: '계속하기',
  retry: '다시 시도',
  silent: '응답이 없습니다. 다시 시도하는 중…',
  codes: {
    currency_mismatch: '레인 북은 미국 달러로만 이용할 수 있습니다. 지갑의 통화가 다릅니다.',
    no_launch: '이 페이지는 로비에서 열립니다.',
    token_invalid: '이미 사용된 링크입니다. 로비에서 게임을 다시 열어 주세요.',
    session_unknown: '이 방문은 끝났습니다. 로비에서 게임을 다시 열어 주세요.',
    session_ended: '세션이 끝났습니다. 로비에서 게임을 다시 열어 주세요.',
    player_blocked: '지금은 이용할 수 없습니다. 운영사에 문의해 주세요.',
    game_disabled: '지금은 게임이 닫혀 있습니다.',
    limit_exceeded: '운영사가 허용하지 않는 금액입니다.',
    insufficient_funds: '지갑 잔액이 바뀌었습니다. 다시 시도해 주세요.',
    operator_refused: '운영사가 금액을 승인하지 않았습니다. 차감된 금액은 없습니다.',
    operator_unavailable: '운영사에 연결할 수 없습니다. 차감된 금액은 없습니다.',
    hub_unreachable: '지금은 지갑에 연결할 수 없습니다. 차감된 금액은 없습니다.',
    book_unreachable: '지금은 레인 북에 연결할 수 없습니다. 차감된 금액은 없습니다.',
    book_refused: '지금은 레인 북에 들어갈 수 없습니다. 차감된 금액은 지갑으로 돌아왔습니다.',
    refused: '지금은 할 수 없습니다.',
  },
};

const zh: Texts = {
  name: '雨',
  book: '帳內餘額',
  open: '未結注單',
  wallet: '錢包',
  more: '轉入 {amount}',
  leave: '離開',
  opening: '開啟中…',
  entering: '正在將餘額轉入雨注…',
  leaving: '正在將金額轉回錢包…',
  left: '您已離開雨注。錢包餘額為 {amount}。',
  leftOpen: '未結注單中有 {amount}，結算後會轉入錢包。',
  replaced: '雨注已在另一個視窗開啟，請在該視窗繼續。',
  again: '繼續',
  retry: '重試',
  silent: '沒有回應，正在重試…',
  codes: {
    currency_mismatch: '雨注僅接受美元。您的錢包是其他貨幣。',
    no_launch: '此頁面須由大廳開啟。',
    token_invalid: '此連結已使用過，請由大廳重新開啟遊戲。',
    session_unknown: '此次造訪已結束，請由大廳重新開啟遊戲。',
    session_ended: '連線已結束，請由大廳重新開啟遊戲。',
    player_blocked: '您目前無法遊玩，請洽營運商。',
    game_disabled: '遊戲目前關閉。',
    limit_exceeded: '營運商不允許此金額。',
    insufficient_funds: '錢包餘額已變動，請重試。',
    operator_refused: '營運商未核准此筆金額，未扣任何款項。',
    operator_unavailable: '無法連線至營運商，未扣任何款項。',
    hub_unreachable: '目前無法連線至錢包，未扣任何款項。',
    book_unreachable: '目前無法連線至雨注，未扣任何款項。',
    book_refused: '雨注目前無法讓您進入，已扣款項已退回錢包。',
    refused: '目前無法進行。',
  },
};

export const TEXTS: Readonly<Record<'en' | 'ko' | 'zh', Texts>> = { en, ko, zh };

export function fill(text: string, amount: string): string {
  return text.replace('{amount}', amount);
}

export function refusalText(texts: Texts, code: string): string {
  return texts.codes[code] ?? texts.codes.refused ?? code;
}
