#!lua
-- Appends a version if one of the expected revisions is current, and trims the oldest.
-- KEYS: the stream, and the fence (see read.lua). ARGV: value, key name, versions to keep, expected revisions ...
-- Returns { version, time } or, if another revision is current, { that revision }.
local last = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)[1]
local version, at = '0', '0'
if last then
  version, at = string.match(last[1], '^%d+'), last[2][4]
end

local revision = version .. '-' .. at
local expected = #ARGV == 3
for i = 4, #ARGV do
  expected = expected or ARGV[i] == revision
end
if not expected then
  if KEYS[2] then
    redis.call('SET', KEYS[2], '')
  end
  return { revision }
end

-- Lua prints large numbers with an exponent; the clock of a new primary may be behind that of the old one.
local function integer(number)
  return string.format('%.0f', number)
end
local time = redis.call('TIME')
local now = math.max(tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000), tonumber(at))
version, at = integer(tonumber(version) + 1), integer(now)
redis.call('XADD', KEYS[1], 'MAXLEN', '=', ARGV[3], version .. '-0', 'value', ARGV[1], 'at', at, 'by', ARGV[2])
return { version, at }
