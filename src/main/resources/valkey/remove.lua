-- Takes the text of a version out of the stream by writing the stream again: an entry can't be changed. Its number, time,
-- author and revision stay. Other instances learn it from the list of what was removed.
-- ARGV, after the prelude's: a number given once, an identity (unused), the version.
-- Returns { 'none' }, { 'conflict', revision } if the version is the current one, or the entry as it is now.
local last = newest()
local refused = refusal(last)
if refused then
  return refused
end
if is_behind(last) then
  return { 'behind', last }
end

local wanted = ARGV[6] .. '-0'
local entries = redis.call('XRANGE', stream, '-', '+')
local removed
for _, entry in ipairs(entries) do
  if entry[1] == wanted then
    removed = entry
  end
end
if not removed then
  fence()
  return { 'none' }
end
if removed[1] == last[1] or field(last, 'left') == wanted then
  fence()
  return { 'conflict', revision_of(last) }
end

local fields = { 'value', '' }
for i = 1, #removed[2], 2 do
  local name = removed[2][i]
  if name ~= 'value' and name ~= 'removed' then
    fields[#fields + 1] = name
    fields[#fields + 1] = removed[2][i + 1]
  end
end
fields[#fields + 1] = 'removed'
fields[#fields + 1] = '1'
removed[2] = fields
redis.call('DEL', stream)
for _, entry in ipairs(entries) do
  redis.call('XADD', stream, entry[1], unpack(entry[2]))
end
redis.call('XADD', stream .. ':removed', 'MAXLEN', '=', 100, '*', 'version', ARGV[6])
return removed
