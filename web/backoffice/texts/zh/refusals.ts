/** What the hub's refusals say to a person, by code. */
import type en from '../en/refusals.ts';
import type { Texts } from '../languages.ts';

export default {
  unauthenticated: '登入階段已結束，請重新登入。',
  bad_credentials: '帳號或密碼錯誤。',
  bad_code: '驗證碼錯誤或已使用過。',
  locked: '錯誤次數過多，請於 %{wait}後再試。',
  second_factor_needed: '請輸入驗證器的驗證碼。',
  enrolment_needed: '請先設定驗證器。',
  bad_link: '此連結已使用、已過期或無效，請索取新連結。',
  weak_password: '密碼太短、包含帳號或過於常見。',
  csrf: '請求並非來自本頁面，請重新載入。',
  forbidden: '您的角色沒有此權限。',
  invalid_request: '內容有誤，請檢查。',
  too_large: '內容太大。',
  not_found: '不存在，或您無權檢視。',
  taken: '此名稱已被使用。',
  conflict: '期間內已被變更或已處理，請重新確認。',
  second_person_needed: '您是第一位處理者，須由另一人處理。',
  reason_needed: '請填寫原因，將記入稽核紀錄。',
  refused: '無法執行。',
  too_many: '同時請求過多，請稍候。',
  overloaded: '平台忙碌，未執行任何動作，請再試一次。',
  unknown: '無法連線至資料庫，不確定是否已執行，重試前請先確認。',
  internal: '平台發生錯誤。',
  offline: '無法連線至平台，請檢查網路。',
  timeout: '平台未及時回應，重試前請先確認。',
  garbled: '無法讀取平台的回應。',
  other: '遭拒絕（%{code}）。',
} satisfies Texts<typeof en>;
