#!lua name=forum
-- The only writer of a journal. It knows no rule of the product: it compares the head, numbers the
-- facts, extends the chain and rings the bell last. All checks, then all writes, then PUBLISH:
-- an error in mid-script leaves the writes before it in place.
--
-- KEYS 1 {code}:m  hash: gen, seq, chain, rid, and what the forum was created with
--      2 {code}:j  stream: ids seq-0, fields o = op, b = body, c = chain
-- Answers: {'ok' | 'conflict' | 'taken', gen, seq, chain}, {'absent'}, {'damaged', why}

local function run_id()
  return string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
end

-- The number of the last fact ever written, also when its entry was removed since; nil and why.
local function last_written(stream)
  if redis.call('EXISTS', stream) == 0 then return '0' end
  local info = redis.pcall('XINFO', 'STREAM', stream)
  if info.err then return nil, info.err end
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then return string.match(info[i + 1], '^(%d+)%-0$'), 'foreign entry' end
  end
  return nil, 'no last id'
end

local function link(chain, seq, op, body)
  return string.sub(redis.sha1hex(chain .. '\n' .. seq .. '\n' .. op .. '\n' .. redis.sha1hex(body)), 1, 16)
end

-- Writes op, body, op, body … from argv[first] on; rings; returns the new head.
local function write(keys, channel, gen, seq, chain, argv, first)
  for i = first, #argv, 2 do
    seq = seq + 1
    chain = link(chain, seq, argv[i], argv[i + 1])
    redis.call('XADD', keys[2], seq .. '-0', 'o', argv[i], 'b', argv[i + 1], 'c', chain)
  end
  redis.call('HSET', keys[1], 'seq', tostring(seq), 'chain', chain)
  redis.call('PUBLISH', channel, gen .. ' ' .. seq .. ' ' .. chain)
  return {'ok', gen, tostring(seq), chain}
end

-- ARGV 1 channel   2 gen  3 seq  4 chain of the head the batch was decided on   then op, body per fact
local function append(keys, argv)
  local head = redis.pcall('HMGET', keys[1], 'gen', 'seq', 'chain', 'rid')
  if head.err then return {'damaged', head.err} end
  local gen, seq, chain = head[1], head[2], head[3]
  if not gen and not seq then return {'absent'} end
  if not (gen and seq and chain and tonumber(gen) and tonumber(seq)) then return {'damaged', 'head'} end
  local last, why = last_written(keys[2])
  if not last then return {'damaged', why} end
  if last ~= seq then return {'damaged', 'the head says ' .. seq .. ', the journal ends at ' .. last} end

  local life = run_id()
  if head[4] ~= life then -- the store was restarted, restored or failed over
    gen = tostring(tonumber(gen) + 1)
    redis.call('HSET', keys[1], 'gen', gen, 'rid', life)
  end
  if gen ~= argv[2] or seq ~= argv[3] or chain ~= argv[4] then return {'conflict', gen, seq, chain} end
  if #argv == 4 then return {'ok', gen, seq, chain} end
  return write(keys, argv[1], gen, tonumber(seq), chain, argv, 5)
end

-- ARGV 1 channel   2 number of meta fields   then name, value per field   then op, body per fact
local function create(keys, argv)
  local fields = tonumber(argv[2])
  local first = 3 + 2 * fields
  if redis.call('EXISTS', keys[1]) == 1 then
    local head = redis.pcall('HMGET', keys[1], 'gen', 'seq', 'chain')
    if head.err then return {'damaged', head.err} end
    local entry = redis.pcall('XRANGE', keys[2], '1-0', '1-0')
    -- The same creation sent twice (its reply was lost) is answered like the first time.
    local mine = not entry.err and entry[1] and entry[1][2][6] == link('', 1, argv[first], argv[first + 1])
    return {mine and 'ok' or 'taken', head[1] or '', head[2] or '', head[3] or ''}
  end
  if redis.call('EXISTS', keys[2]) == 1 then return {'damaged', 'a journal without a head'} end

  local life = run_id()
  redis.call('HSET', keys[1], 'gen', '1', 'seq', '0', 'chain', '', 'rid', life)
  for i = 3, first - 1, 2 do redis.call('HSET', keys[1], argv[i], argv[i + 1]) end
  return write(keys, argv[1], '1', 0, '', argv, first)
end

redis.register_function('forum_append', append)
redis.register_function('forum_create', create)
