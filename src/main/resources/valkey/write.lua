-- Appends a version if one of the expected revisions is current, and trims the oldest. A loss is recorded first.
-- ARGV, after the prelude's: a number given once, an identity for a store without one, value, key name, versions to keep,
-- expected revisions ...
-- Returns the entry without its value, or { 'conflict', current revision }.
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

local revision = revision_of(last)
local expected = #ARGV == 8
for i = 9, #ARGV do
  expected = expected or ARGV[i] == revision
end
if not expected then
  fence()
  return { 'conflict', revision }
end

local store = last and field(last, 'store') or ARGV[3]
if store == '' then
  store = ARGV[5]
end
local at = now(last)
local id = integer((last and parts(last[1]) or 0) + 1) .. '-0'
id = add(ARGV[8], id, { 'value', ARGV[6], 'at', at, 'by', ARGV[7], 'rev', ARGV[4], 'store', store })
if type(id) == 'table' then
  return id
end
return { id, { 'at', at, 'rev', ARGV[4], 'store', store } }
