-- A page of entries, not many bytes beyond what is asked for, and whether there are more.
-- ARGV, after the prelude's: 'newest' or 'oldest' first, the first and the last id wanted, how many, and how many bytes.
-- Returns { 'more' or 'end', entry ... }.
fence()
local last = newest()
local refused = refusal(last)
if refused then
  return refused
end
if is_behind(last) then
  return { 'behind', last }
end

local command = ARGV[4] == 'newest' and 'XREVRANGE' or 'XRANGE'
local first, entries_left, bytes_left = ARGV[5], tonumber(ARGV[7]), tonumber(ARGV[8])
local page = { 'end' }
while entries_left > 0 do
  local entry = redis.call(command, stream, first, ARGV[6], 'COUNT', 1)[1]
  if not entry then
    return page
  end
  if bytes_left <= 0 then
    page[1] = 'more'
    return page
  end
  page[#page + 1] = entry
  for _, text in ipairs(entry[2]) do
    bytes_left = bytes_left - #text
  end
  entries_left = entries_left - 1
  first = '(' .. entry[1]
end
return page
