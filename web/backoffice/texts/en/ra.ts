/** What the parts taken from react-admin say, under their own keys. */
export default {
  action: {
    close: 'Close',
    remove: 'Remove',
    reset: 'Reset',
    clear_input_value: 'Clear value',
    search_columns: 'Search columns',
    select_columns: 'Columns',
    sort: 'Sort',
    undo: 'Undo',
  },
  sort: { sort_by: 'Sort by %{field_lower_first} %{order}', ASC: 'ascending', DESC: 'descending' },
  navigation: { no_results: 'None found', clear_filters: 'Clear filters' },
  notification: { i18n_error: 'The texts of this language could not be loaded' },
};
