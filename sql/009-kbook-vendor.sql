-- The rain book as a vendor of the operator API's catalogue. A round lasts from the first stake until the book holds
-- nothing of the player any more: days, while bets are open.
insert into vendor (name, zero_wins, round_limit_ms) values ('kbook', true, 7 * 24 * 60 * 60 * 1000::bigint);
