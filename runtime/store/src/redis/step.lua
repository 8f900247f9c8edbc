#!lua
-- Does the first case whose guards all hold. `record.rs` says what it means.
-- The record is a hash: each field behind an `f`; `m` holds both ends and the size; `n` the name, where the
-- key has only a digest of it.
local key, at = KEYS[1], 0
local function pop() at = at + 1; return ARGV[at] end
local function number() return tonumber(pop()) end
local MOST = 9007199254740991

local now = number()
if not now then
  local time = redis.call('TIME')
  now = (tonumber(time[1]) - 1704067200) * 10000000 + tonumber(time[2]) * 10
end
local name, most_fields, most_bytes = pop(), number(), number()
local reserved = name == '' and 1 or 2

-- What there is.
local exists, count, size, idle, ends = false, 0, 0, nil, nil
local meta = redis.call('HGET', key, 'm')
if meta then
  local i, e, s = string.match(meta, '^(%d*) (%d*) (%d+)$')
  idle, ends, size = tonumber(i), tonumber(e), tonumber(s)
  exists = not ((idle and idle <= now) or (ends and ends <= now))
  if exists then
    count = redis.call('HLEN', key) - reserved
  else
    redis.call('DEL', key)
    meta, size, idle, ends = false, 0, nil, nil
  end
end
local seen = {}
local function before(field)
  if not exists then return false end
  if seen[field] == nil then seen[field] = redis.call('HGET', key, 'f' .. field) end
  return seen[field]
end

-- What it becomes.
local new, cleared = {}, false
local new_count, new_size, new_idle, new_ends = count, size, idle, ends
local function get(field)
  if new[field] ~= nil then return new[field] end
  if cleared then return false end
  return before(field)
end
local function put(field, value)
  local old = get(field)
  if old then
    new_count, new_size = new_count - 1, new_size - #field - #old
  end
  if value then
    new_count, new_size = new_count + 1, new_size + #field + #value
  end
  new[field] = value
end
local function counted(text)
  if not text or #text > 17 or not string.match(text, '^%-?%d+$') then return 0 end
  local value = tonumber(text)
  if math.abs(value) > MOST then return 0 end
  return value
end

local guards = {
  E = function() return exists end,
  A = function() return not exists end,
  H = function() return before(pop()) ~= false end,
  L = function() return before(pop()) == false end,
  I = function() local field, value = pop(), pop(); return before(field) == value end,
  N = function() local field, value = pop(), pop(); return before(field) ~= value end,
}
local changes = {
  S = function() local field, value = pop(), pop(); return function() put(field, value) end end,
  R = function() local field = pop(); return function() put(field, false) end end,
  A = function()
    local field, amount = pop(), number()
    return function()
      local sum = counted(get(field)) + amount
      put(field, string.format('%.0f', math.max(-MOST, math.min(MOST, sum))))
    end
  end,
  C = function()
    return function()
      new, cleared = {}, true
      new_count, new_size, new_idle, new_ends = 0, 0, nil, nil
    end
  end,
}

-- Which case is done. All are read, as what follows them is to be found.
local done, todo, life = nil, nil, nil
for case = 1, number() do
  local holds = true
  for _ = 1, number() do
    if not guards[pop()]() then holds = false end
  end
  local these = {}
  for i = 1, number() do these[i] = changes[pop()]() end
  local lives = pop() == '1' and { pop(), pop() } or nil
  if holds and not done then done, todo, life = case - 1, these, lives end
end

local function over(a, b) if a and b then return math.min(a, b) end return a or b end
local function tick(value) return value and string.format('%.0f', value) or '' end

local function write()
  local gone = over(new_idle, new_ends)
  if new_count == 0 or (gone and gone <= now) then
    if exists then redis.call('DEL', key) end
    exists = false
    return
  end
  if cleared and exists then redis.call('DEL', key) end
  for field, value in pairs(new) do
    if value then
      redis.call('HSET', key, 'f' .. field, value)
    elseif before(field) and not cleared then
      redis.call('HDEL', key, 'f' .. field)
    end
  end
  local was = over(idle, ends)
  local text = tick(new_idle) .. ' ' .. tick(new_ends) .. ' ' .. string.format('%.0f', new_size)
  if text ~= meta or cleared then redis.call('HSET', key, 'm', text) end
  if name ~= '' and (cleared or not exists) then redis.call('HSET', key, 'n', name) end
  if gone then
    if gone ~= was or cleared then
      redis.call('PEXPIRE', key, string.format('%.0f', math.ceil((gone - now) / 10000)))
    end
  elseif was and not cleared then
    redis.call('PERSIST', key)
  end
  exists = true
end

local too_large = false
if done and (#todo > 0 or life) then
  for i = 1, #todo do todo[i]() end
  if life then
    new_idle = life[1] ~= '' and now + tonumber(life[1]) or nil
    if life[2] ~= '' then
      local absolute = now + tonumber(life[2])
      new_ends = new_ends and math.min(new_ends, absolute) or absolute
    end
  end
  too_large = (new_count > most_fields and new_count > count)
    or (new_size > most_bytes and new_size > size)
  if too_large then done = nil else write() end
end

-- What is told.
local told = { done or -1, too_large and 1 or 0 }
local reads = pop()
if exists and reads == 'a' then
  local all = redis.call('HGETALL', key)
  for i = 1, #all, 2 do
    if string.sub(all[i], 1, 1) == 'f' then
      told[#told + 1] = string.sub(all[i], 2)
      told[#told + 1] = all[i + 1]
    end
  end
elseif exists and reads == 't' then
  for _ = 1, number() do
    local field = pop()
    local value = redis.call('HGET', key, 'f' .. field)
    if value then
      told[#told + 1] = field
      told[#told + 1] = value
    end
  end
end
return told
