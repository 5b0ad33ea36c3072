-- What people look up: a player's movements in time, what answered a bet, and what moved a POT.
-- The feed's index carries the code, so that rows of a kind are found among many others without reading those.
create index transfer_player on transfer (player_id, at) where player_id is not null;
create index transfer_referer on transfer (referer_id) where referer_id is not null;
drop index transfer_feed;
create index transfer_feed on transfer (agent_id, at, id) include (code);
create index transfer_pot on transfer (agent_id, at, id) where code in (1, 2);
-- The audit trail by whom it concerns: acts of the back office name the agent.
create index audit_log_agent on audit_log (((detail ->> 'agentId')::bigint), n) where detail ? 'agentId';
