-- The vendors the operator API names. Behaviours are data: who sends no zero wins, who bundles bets, who pauses after a cancel.
insert into vendor (name) select unnest(array[
  'evolution', 'EVOPLAY', 'PragmaticPlay', 'Boongo', 'Habanero', 'bota', 'netent', 'redtiger', 'DreamGame', 'WM Live', 'Wazdan',
  'Relax Gaming', 'PragmaticPlay Live', 'Triple Profit Gaming', 'PlayStar', 'BigTimeGaming', 'PlaySon', 'Thunderkick', 'Nolimit City',
  'Mobilots', 'PlayPearls', 'Dragoon Soft', 'Blueprint', 'GameArt', 'CQ9', 'Betgames.tv', 'Skywind Live', '1X2 Gaming', 'Elk Studios',
  'Asia Gaming', 'PG Soft', 'dowinn', 'MicroGaming Plus', 'MicroGaming Plus Slo', 'iconix', 'aviator', 'intouch-games', 'bfgames', 'popok',
  'vir2al', 'dreamtech', 'onetouch', 'onetouch-live', 'caletagaming', 'absolute', '7-mojos', '7-mojos-slots', 'platipus', 'mancala',
  'retrogames', 'spinomenal', 'fils', 'liw', 'inrace', 'smartsoft', 'platingaming', '7777', 'eagaming', 'galaxsys', 'vivo', 'globalbet',
  'ezugi', 'gamedaddy', 'PlayNGo', 'Hacksaw', 'Novomatic']);
update vendor set zero_wins = false where name = 'onetouch';
update vendor set multi_bet = true, cancel_pause_ms = 10000, betting_ms = 50000 where name in ('Asia Gaming', 'DreamGame', 'WM Live');
