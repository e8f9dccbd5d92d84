#!lua
-- The current version, or nothing if the caller knows it already or none was written yet.
-- KEYS: the stream, and the fence unless no replica confirms. ARGV: the revision the caller knows.
--
-- The fence is written so that this read has a place of its own in the replication stream: only replicas that still
-- follow this very primary can confirm it to the WAIT behind it, so a primary that was replaced can't answer.
if KEYS[2] then
  redis.call('SET', KEYS[2], '')
end
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
if not last or ARGV[1] == string.match(last[1], '^%d+') .. '-' .. last[2][4] then
  return {}
end
return last
