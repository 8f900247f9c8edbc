#!lua
-- Takes tokens from buckets, all or none; or, as a debit, whatever they hold. `limit.rs` says what it means.
-- ARGV: the tick (empty: the server's own), `take` or `debit`, then for each key the ticks from token to
-- token, ticks to fill, tokens in a full bucket, tokens asked for, and further ones; of a debit, instead of
-- these, how many ticks ago it began.
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = (tonumber(time[1]) - 1704067200) * 10000000 + tonumber(time[2]) * 10
end
local debit = ARGV[2] == 'debit'

local function bucket(i)
  local at = 3 + (i - 1) * 5
  local raw = redis.call('GET', KEYS[i])
  local one = {
    key = KEYS[i], raw = raw,
    step = tonumber(ARGV[at]), fill = tonumber(ARGV[at + 1]), capacity = tonumber(ARGV[at + 2]),
    cost = tonumber(ARGV[at + 3]), extra = tonumber(ARGV[at + 4]),
  }
  local kept = tonumber(raw or '')
  if kept and kept > now + 2 * one.fill then kept = nil end
  one.kept = kept
  one.full_at = math.max(now, math.min(kept or now, now + one.fill))
  return one
end

local function left(one)
  return math.floor((now + one.fill - one.full_at) / one.step)
end

local function wait(one)
  if one.cost > one.capacity then return -1 end
  return math.max(0, one.full_at - now + one.step * one.cost - one.fill)
end

local function keep(one)
  local full_at = string.format('%.0f', one.full_at)
  if one.full_at > now then
    if full_at ~= one.raw then
      local life = math.ceil((one.full_at - now) / 10000)
      redis.call('SET', one.key, full_at, 'PX', string.format('%.0f', life))
    end
  elseif one.raw then
    redis.call('DEL', one.key)
  end
end

local told = {}
local function tell(one, enough, taken, waits)
  told[#told + 1] = enough and 1 or 0
  told[#told + 1] = taken
  told[#told + 1] = left(one)
  told[#told + 1] = waits
  told[#told + 1] = one.full_at - now
end

if debit then
  for i = 1, #KEYS do
    local one = bucket(i)
    local latest, earliest = now + one.fill, now - one.extra
    local begun = math.min(latest, math.max(one.kept or earliest, earliest))
    local held = math.min(one.cost, math.floor((latest - begun) / one.step))
    one.full_at = math.max(now, math.min(latest, begun + one.step * held))
    keep(one)
    told[i] = one.cost - held
  end
  return told
end

local buckets, enough = {}, true
for i = 1, #KEYS do
  buckets[i] = bucket(i)
  if left(buckets[i]) < buckets[i].cost then enough = false end
end
for i = 1, #KEYS do
  local one = buckets[i]
  if enough then
    local tokens = math.min(one.cost + one.extra, 4294967295, left(one))
    one.full_at = one.full_at + one.step * tokens
    keep(one)
    tell(one, true, tokens, 0)
  else
    tell(one, left(one) >= one.cost, 0, wait(one))
  end
end
return told
