-- What the scripts that write begin with, after the prelude. ARGV[4]: a number given once.

-- Lua prints large numbers with an exponent.
local function integer(number)
  return string.format('%.0f', number)
end

-- The clock of a new primary may be behind that of the old one.
local function now(last)
  local time = redis.call('TIME')
  local ms = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
  return integer(math.max(ms, tonumber(last and field(last, 'at')) or 0))
end

-- Adds an entry, under the next version if somebody has deleted later ones by hand: Valkey gives no id twice. Keeps so
-- many entries; all, if it is nil.
local function add(kept, id, fields)
  local function attempt(with_id)
    if kept then
      return redis.pcall('XADD', stream, 'MAXLEN', '=', kept, with_id, unpack(fields))
    end
    return redis.pcall('XADD', stream, with_id, unpack(fields))
  end
  local added = attempt(id)
  if type(added) == 'table' and string.find(added.err, 'equal or smaller', 1, true) then
    local info = redis.call('XINFO', 'STREAM', stream)
    for i = 1, #info, 2 do
      if info[i] == 'last-generated-id' then
        added = attempt(integer(parts(info[i + 1]) + 1) .. '-' .. string.match(id, '%d+$'))
      end
    end
  end
  return added
end

-- Records that the caller's version is gone, and returns the entry.
local function add_loss(last)
  local version, number = parts(ARGV[1])
  local left = last and (field(last, 'left') or last[1]) or '0-0'
  local store = ARGV[3]
  if store == '' then
    store = last and field(last, 'store') or ARGV[5]
  end
  local fields = {
    'value', '', 'at', now(last), 'by', '', 'rev', ARGV[4] .. '0', 'store', store, 'lost', ARGV[2], 'left', left,
  }
  local id = add(nil, integer(version) .. '-' .. integer(number + 1), fields)
  if type(id) == 'table' then
    return id
  end
  return { id, fields }
end
