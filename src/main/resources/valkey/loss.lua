-- Records the loss of what the caller has seen confirmed, unless it is there, or somebody has recorded more.
-- ARGV, after the prelude's: a number given once, an identity for a store without one.
-- Returns the newest entry, with what is left as its third element if it is a loss.
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
else
  fence()
end
local left = last and field(last, 'left')
if left then
  last[3] = redis.call('XREVRANGE', stream, left, left, 'COUNT', 1)[1]
end
return last or {}
