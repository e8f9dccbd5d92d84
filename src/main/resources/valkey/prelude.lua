-- What every script begins with.
-- KEYS: the stream, and the fence unless no replica confirms.
-- ARGV: id and revision of the newest version that the caller has seen confirmed, and the store's identity, empty while
-- the caller doesn't know it; then each script's own.
--
-- A version is an entry <version>-0 with the fields value, at, by, rev (a number given once) and store (the identity). The
-- loss of a version is an entry <version>-1 or higher with the field lost, and left: the id of the last that is left.
local stream = KEYS[1]

-- The fence is written so that a read has a place of its own in the replication stream: only replicas that still follow
-- this very primary can confirm it to the WAIT behind it, so a primary that was replaced can't answer.
local function fence()
  if KEYS[2] then
    redis.call('SET', KEYS[2], '')
  end
end

local function field(entry, name)
  local fields = entry[2]
  for i = 1, #fields, 2 do
    if fields[i] == name then
      return fields[i + 1]
    end
  end
  return nil
end

local function newest()
  return redis.call('XREVRANGE', stream, '+', '-', 'COUNT', 1)[1]
end

local function parts(id)
  local version, number = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(version), tonumber(number)
end

local function revision_of(entry)
  if not entry then
    return '0-0'
  end
  return string.match(entry[1], '^%d+') .. '-' .. (field(entry, 'rev') or field(entry, 'at') or '0')
end

-- Whether the store lacks what the caller has seen confirmed.
local function is_behind(last)
  if not last then
    return ARGV[1] ~= '0-0'
  end
  if last[1] == ARGV[1] then
    return revision_of(last) ~= ARGV[2]
  end
  local version, number = parts(last[1])
  local known_version, known_number = parts(ARGV[1])
  return version < known_version or (version == known_version and number < known_number)
end

-- Why the caller can't be answered from here, or nil.
local function refusal(last)
  local store = last and field(last, 'store')
  if store and ARGV[3] ~= '' and store ~= ARGV[3] then
    return { 'other', store }
  end
  return nil
end
