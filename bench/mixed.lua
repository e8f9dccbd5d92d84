-- Of ten requests seven are for the page, two for a page that the client has already, and one for JSON; HEAD comes
-- from heads.py, because wrk would wait for its body. The word: the tag that the client has.
local requests, at = {}, 0

local function add(count, changed)
  local headers = {}
  for name, value in pairs(wrk.headers) do
    headers[name] = value
  end
  for name, value in pairs(changed) do
    headers[name] = value
  end
  for _ = 1, count do
    requests[#requests + 1] = wrk.format("GET", nil, headers)
  end
end

function init(words)
  add(7, {})
  add(2, { ["If-None-Match"] = words[1] })
  add(1, { ["Accept"] = "application/json" })
end

function request()
  at = at % #requests + 1
  return requests[at]
end
