/** What can wait for a person. By these names each says in their settings what they want to be told of. */
export const WAITING_KINDS = [
  'pot_requests', // requests for POT to decide
  'inquiries', // to answer, or answered
  'desk', // threads of the service desk in which it is one's turn
  'notices', // not read, or not confirmed
  'callbacks', // given up
  'round_orders', // a second person is wanted
  'rain_findings', // of rain sessions, stated by one person
  'open_rounds', // overdue
] as const;
export type WaitingKind = (typeof WAITING_KINDS)[number];
