/** What the hub's refusals say to a person, by code. */
import type en from '../en/refusals.ts';
import type { Texts } from '../languages.ts';

export default {
  unauthenticated: '세션이 종료되었습니다. 다시 로그인하세요.',
  bad_credentials: '아이디 또는 비밀번호가 올바르지 않습니다.',
  bad_code: '인증 코드가 올바르지 않거나 이미 사용되었습니다.',
  locked: '시도 횟수를 초과했습니다. %{wait} 후에 다시 시도하세요.',
  second_factor_needed: '인증 코드를 입력하세요.',
  enrolment_needed: '먼저 인증 앱을 등록하세요.',
  bad_link: '이미 사용되었거나 만료되었거나 잘못된 링크입니다. 새 링크를 요청하세요.',
  weak_password: '비밀번호가 너무 짧거나 아이디를 포함하거나 너무 흔합니다.',
  csrf: '이 페이지에서 보낸 요청이 아닙니다. 페이지를 새로 고치세요.',
  forbidden: '권한이 없습니다.',
  invalid_request: '입력한 내용을 확인하세요.',
  too_large: '너무 큽니다.',
  not_found: '존재하지 않거나 조회할 수 없는 항목입니다.',
  taken: '이미 사용 중인 이름입니다.',
  conflict: '그사이 변경되었거나 이미 처리되었습니다. 다시 확인하세요.',
  second_person_needed: '첫 번째 처리자가 본인이므로 다른 담당자가 처리해야 합니다.',
  reason_needed: '사유를 입력하세요. 감사 로그에 기록됩니다.',
  refused: '처리할 수 없습니다.',
  too_many: '한 번에 너무 많이 요청했습니다. 잠시 후 다시 시도하세요.',
  overloaded: '허브가 혼잡하여 처리되지 않았습니다. 다시 시도하세요.',
  unknown: '저장소에 연결할 수 없어 처리 여부를 알 수 없습니다. 다시 시도하기 전에 확인하세요.',
  internal: '허브에서 오류가 발생했습니다.',
  offline: '허브에 연결할 수 없습니다. 네트워크를 확인하세요.',
  timeout: '허브가 제시간에 응답하지 않았습니다. 다시 시도하기 전에 확인하세요.',
  garbled: '허브의 응답을 읽을 수 없습니다.',
  other: '거절되었습니다 (%{code}).',
} satisfies Texts<typeof en>;
