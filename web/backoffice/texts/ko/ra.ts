/** What the parts taken from react-admin say, under their own keys. */
import type en from '../en/ra.ts';
import type { Texts } from '../languages.ts';

export default {
  action: {
    close: '닫기',
    remove: '제거',
    reset: '초기화',
    clear_input_value: '값 지우기',
    search_columns: '열 검색',
    select_columns: '열',
    sort: '정렬',
    undo: '실행 취소',
  },
  sort: { sort_by: '%{field_lower_first} %{order} 정렬', ASC: '오름차순', DESC: '내림차순' },
  navigation: { no_results: '결과가 없습니다', clear_filters: '필터 지우기' },
  notification: { i18n_error: '해당 언어를 불러오지 못했습니다' },
} satisfies Texts<typeof en>;
