-- Appends a version if one of the expected revisions is current, and trims the oldest. A loss is recorded first.
-- ARGV, after the prelude's: a number given once, an identity for a store without one, the ids under which earlier tries
-- were done and not confirmed, value, key name, versions to keep, expected revisions ...
-- Returns the entry without its value, or { 'conflict', current revision }, or { 'unknown' } if it can't be said any more
-- whether an earlier try is in this stream, or { 'lost', version } if a loss was recorded just now.
local SETTLED_MS = 2000
local last = newest()
local refused = refusal(last)
if refused then
  return refused
end
if is_behind(last) then
  last = add_loss(last)
  if last.err then
    return last
  end
end

local function without_value(entry)
  return { entry[1], { 'at', field(entry, 'at'), 'rev', field(entry, 'rev'), 'store', field(entry, 'store') } }
end

for id in string.gmatch(ARGV[6], '%S+') do
  local entry = redis.call('XRANGE', stream, id, id)[1]
  if entry and field(entry, 'rev') == ARGV[4] then
    fence()
    return without_value(entry)
  end
  if not entry and parts(id) <= version_given() then
    fence()
    return { 'unknown' }
  end
end

local revision = revision_of(last)
local expected = #ARGV == 9
for i = 10, #ARGV do
  expected = expected or ARGV[i] == revision
end
if not expected then
  fence()
  return { 'conflict', revision }
end

-- Another instance may have seen a version more than the one that recorded the loss: it says so within a second, and
-- until then the number isn't free.
if last and field(last, 'lost') then
  local age_ms = clock_ms() - tonumber(field(last, 'at'))
  if age_ms >= 0 and age_ms < SETTLED_MS then
    fence()
    return { 'lost', (string.match(last[1], '^%d+')) }
  end
end

local store = last and field(last, 'store') or ARGV[3]
if store == '' then
  store = ARGV[5]
end
local at = now(last)
local id = integer((last and parts(last[1]) or 0) + 1) .. '-0'
id = add(ARGV[9], id, { 'value', ARGV[7], 'at', at, 'by', ARGV[8], 'rev', ARGV[4], 'store', store })
if type(id) == 'table' then
  return id
end
return { id, { 'at', at, 'rev', ARGV[4], 'store', store } }
