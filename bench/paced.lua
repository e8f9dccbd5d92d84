-- Each connection pauses before each request, so that all together ask at a given rate. The word: the mean pause in ms.
local pause

function init(words)
  pause = tonumber(words[1])
end

function delay()
  return math.floor(math.random() * 2 * pause + 0.5)
end
