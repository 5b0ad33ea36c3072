-- The rain book in the back office: what staff look up, and what they say of bets K-Rain's answers leave open.

-- Bets by what they are and by session, the newest first. One index finds a bet by its id too: there are six states.
create index book_bet_state on book_bet (status, id);
create index book_bet_session on book_bet (session_id, id);
create index rain_session_start on rain_session (starts_at, id);
create index book_player_user on book_player ((user_id collate "C"), id);
create index book_player_operator on book_player (operator_id, id);
create index book_player_blocked on book_player (id) where blocked_at is not null;
create index book_player_excluded on book_player (id) where excluded_until is not null;

-- What a person says has become of a bet in CHECK, of which K-Rain says what cannot be. Two persons' word counts.
create table book_bet_word (
  bet_id      bigint not null,
  by          text not null,                       -- a person
  fate        text not null check (fate in ('taken', 'failed')),
  krain_stake bigint,                              -- of 'taken', as K-Rain's statement has it; minor units, thousandths
  krain_odds  integer,
  krain_win   bigint,
  reason      text not null,
  statement   jsonb not null,                      -- what K-Rain said when the person said it
  at          timestamptz not null default clock_timestamp(),
  primary key (bet_id, by),
  check ((fate = 'taken') = (krain_stake is not null and krain_odds is not null and krain_win is not null))
);
