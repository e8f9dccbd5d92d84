#!lua
-- Versions, newest first.
-- KEYS: the stream, and the fence (see read.lua). ARGV: the newest and the oldest id wanted, and how many.
if KEYS[2] then
  redis.call('SET', KEYS[2], '')
end
return redis.call('XREVRANGE', KEYS[1], ARGV[1], ARGV[2], 'COUNT', ARGV[3])
