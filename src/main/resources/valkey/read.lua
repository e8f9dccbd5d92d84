-- The newest entry, with what is left as its third element if it is a loss; or nothing if the caller knows it already.
fence()
local last = newest()
if revision_of(last) == ARGV[2] then
  return {}
end
local refused = refusal(last)
if refused then
  return refused
end
if is_behind(last) then
  return { 'behind', last }
end
local left = field(last, 'left')
if left then
  last[3] = redis.call('XREVRANGE', stream, left, left, 'COUNT', 1)[1]
end
return last
