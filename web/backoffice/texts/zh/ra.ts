/** What the parts taken from react-admin say, under their own keys. */
import type en from '../en/ra.ts';
import type { Texts } from '../languages.ts';

export default {
  action: {
    close: '關閉',
    remove: '移除',
    reset: '重設',
    clear_input_value: '清除',
    search_columns: '搜尋欄位',
    select_columns: '欄位',
    sort: '排序',
    undo: '復原',
  },
  sort: { sort_by: '依%{field_lower_first}%{order}排序', ASC: '遞增', DESC: '遞減' },
  navigation: { no_results: '沒有結果', clear_filters: '清除篩選' },
  notification: { i18n_error: '無法載入此語言的文字' },
} satisfies Texts<typeof en>;
