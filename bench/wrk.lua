-- Phones that text: unique provider ids, a share of numbers nobody has heard of, texts of 20 to 300 characters.
--
-- Environment: BENCH_RUN (what makes this run's ids and new numbers its own, a number), BENCH_SECONDS (how long new
-- requests are made; after that each connection waits for its last answer and falls silent, so that every message that
-- was stored was also answered), BENCH_NEW (share of new numbers), BENCH_KNOWN (how many numbers are known).
local ffi = require("ffi")
ffi.cdef [[ typedef struct { long sec; long nsec; } moment; int clock_gettime(int which, moment *into); ]]
local moment = ffi.new("moment")
local function now() ffi.C.clock_gettime(1, moment); return tonumber(moment.sec) + tonumber(moment.nsec) / 1e9 end

local run = tonumber(os.getenv("BENCH_RUN"))
local seconds = tonumber(os.getenv("BENCH_SECONDS"))
local new_share = tonumber(os.getenv("BENCH_NEW"))
local known = tonumber(os.getenv("BENCH_KNOWN"))
local words = { "order", "parcel", "harbour", "thank you", "when", "tomorrow", "delivery", "number", "street", "key", "is", "the", "a" }
local texts = {}
local count, new, first = 0, 0, nil
last = 0

function init()
  math.randomseed(run)
  for index = 1, 512 do
    local wanted, text = math.random(20, 300), "About"
    while #text < wanted do text = text .. " " .. words[math.random(#words)] end
    texts[index] = text:sub(1, wanted)
  end
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
end

function delay()
  local at = now()
  first = first or at
  if at - first > seconds then return 3600000 end
  last = at - first
  return 0
end

function request()
  count = count + 1
  local from
  if math.random() < new_share then
    new = new + 1
    from = string.format("+1%03d555%04d", 201 + run, new % 10000)
    if new >= 10000 then from = string.format("+44%d%07d", 7000 + run, new) end
  else
    from = string.format("+1555%07d", math.random(known))
  end
  local body = string.format('{"from":"%s","to":"+12025550100","body":"%s","id":"%d-%d"}', from, texts[count % 512 + 1], run, count)
  return wrk.format(nil, nil, nil, body)
end

local threads = {}
function setup(thread) threads[#threads + 1] = thread end

function done(summary, latency)
  local wrong = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format('\nRESULT {"answered":%d,"wrong":%d,"seconds":%.6f,"p50_us":%d,"p99_us":%d}\n',
    summary.requests - summary.errors.status, wrong, threads[1]:get("last"), latency:percentile(50), latency:percentile(99)))
end
