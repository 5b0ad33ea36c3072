/** Signing in, setting up an authenticator, links. */
import type en from '../en/entry.ts';
import type { Texts } from '../languages.ts';

export default {
  sign_in: '로그인',
  name: '아이디',
  password: '비밀번호',
  code: '인증 코드',
  code_help: '인증 앱에 표시된 코드 또는 복구 코드',
  back: '뒤로',
  lock_over: '이제 다시 시도할 수 있습니다.',
  enrol: '인증 앱 등록',
  enrol_text: '이 권한은 2단계 인증이 필요합니다. 로그인할 때마다 인증 코드를 입력합니다.',
  scan: '인증 앱으로 QR 코드를 스캔하거나 비밀 키를 입력하세요.',
  qr: '비밀 키 QR 코드',
  secret: '비밀 키',
  first_code: '지금 표시된 코드',
  confirm: '확인',
  recovery: '복구 코드',
  recovery_text:
    '다른 사람이 볼 수 없는 곳에 보관하세요. 인증 앱을 잃어버렸을 때 코드마다 한 번씩 로그인할 수 있으며 다시 표시되지 않습니다.',
  recovery_all: '전체 코드',
  download: '파일로 저장',
  kept: '안전하게 보관했습니다',
  go_on: '계속',
  enter: '백오피스 입장',
  enter_text: '이 링크로 짧은 시간 동안 한 번만 입장할 수 있습니다.',
  enter_now: '입장',
  set_password: '비밀번호 설정',
  password_set: '비밀번호가 설정되었습니다. 새 비밀번호로 로그인하세요.',
  new_password: '새 비밀번호',
  password_again: '새 비밀번호 확인',
  password_rule: '10자 이상이어야 하며 아이디나 흔한 비밀번호는 쓸 수 없습니다',
  differ: '두 비밀번호가 일치하지 않습니다',
} satisfies Texts<typeof en>;
