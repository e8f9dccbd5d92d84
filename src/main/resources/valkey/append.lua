-- What the scripts that write begin with, after the prelude. ARGV[4]: a number given once.

-- Lua prints large numbers with an exponent.
local function integer(number)
  return string.format('%.0f', number)
end

local function clock_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- The clock of a new primary may be behind that of the old one.
local function now(last)
  return integer(math.max(clock_ms(), tonumber(last and field(last, 'at')) or 0))
end

-- The newest version that the stream ever had: Valkey gives no id twice.
local function version_given()
  local info = redis.pcall('XINFO', 'STREAM', stream)
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then
      return (parts(info[i + 1]))
    end
  end
  return 0
end

-- Adds an entry, under the next version if somebody has deleted later ones by hand. Keeps so many entries; all, if it is
-- nil.
local function add(kept, id, fields)
  local function attempt(with_id)
    if kept then
      return redis.pcall('XADD', stream, 'MAXLEN', '=', kept, with_id, unpack(fields))
    end
    return redis.pcall('XADD', stream, with_id, unpack(fields))
  end
  local added = attempt(id)
  if type(added) == 'table' and string.find(added.err, 'equal or smaller', 1, true) then
    added = attempt(integer(version_given() + 1) .. '-' .. string.match(id, '%d+$'))
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
