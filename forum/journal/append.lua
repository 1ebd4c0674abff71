#!lua name=forum
-- The only writer of a journal. It knows no rule of the product: it compares the head, numbers the
-- facts, extends the chain and rings the bell last. All checks, then all writes, then SPUBLISH:
-- an error in mid-script leaves the writes before it in place.
--
-- KEYS 1 {code}:m  hash: gen, seq, chain, rid, where it moved to and when, and what the forum was created with
--      2 {code}:j  stream: ids seq-0, fields o = op, b = body, c = chain
--      3 {code}:p  hash: names of people    4 {code}:k  hash: capabilities
--      5 {code}:t  stream: the journal while it is copied afresh; 3 to 5 only where they are touched
-- Answers: {'ok' | 'conflict' | 'taken', gen, seq, chain}, {'absent'}, {'moved', address}, {'damaged', why}

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
  redis.call('SPUBLISH', channel, gen .. ' ' .. seq .. ' ' .. chain)
  return {'ok', gen, tostring(seq), chain}
end

-- The head in the store's present life, and the address that the forum moved to, if it did; or nil and the answer that says
-- why there is none.
local function present_head(keys)
  local head = redis.pcall('HMGET', keys[1], 'gen', 'seq', 'chain', 'rid', 'moved')
  if head.err then return nil, {'damaged', head.err} end
  local gen, seq, chain = head[1], head[2], head[3]
  if not gen and not seq then return nil, {'absent'} end
  if not (gen and seq and chain and tonumber(gen) and tonumber(seq)) then return nil, {'damaged', 'head'} end
  local last, why = last_written(keys[2])
  if not last then return nil, {'damaged', why} end
  if last ~= seq then
    return nil, {'damaged', 'the head says ' .. seq .. ', the journal ends at ' .. last}
  end
  local life = run_id()
  if head[4] ~= life then -- the store was restarted, restored or failed over
    gen = tostring(tonumber(gen) + 1)
    redis.call('HSET', keys[1], 'gen', gen, 'rid', life)
  end
  return {gen, seq, chain, head[5]}
end

local function is_at(head, argv)
  return head[1] == argv[2] and head[2] == argv[3] and head[3] == argv[4]
end

-- ARGV 1 channel   2 gen  3 seq  4 chain of the head the batch was decided on   then op, body per fact
local function append(keys, argv)
  local head, why = present_head(keys)
  if not head then return why end
  if head[4] then return {'moved', head[4]} end
  if not is_at(head, argv) then return {'conflict', head[1], head[2], head[3]} end
  if #argv == 4 then return {'ok', head[1], head[2], head[3]} end
  return write(keys, argv[1], head[1], tonumber(head[2]), head[3], argv, 5)
end

-- Appends facts that say what is struck, and strikes it: entries out of the journal, names out of the names.
-- ARGV 1 to 4 as for append   5 people, by spaces between them   6 how many entries   then their numbers   then op, body per fact
local function redact(keys, argv)
  local head, why = present_head(keys)
  if not head then return why end
  if head[4] then return {'moved', head[4]} end
  if not is_at(head, argv) then return {'conflict', head[1], head[2], head[3]} end
  local first = 7 + tonumber(argv[6])
  local ids = {}
  for i = 7, first - 1 do
    ids[#ids + 1] = argv[i] .. '-0'
    local entry = redis.call('XRANGE', keys[2], ids[#ids], ids[#ids])
    if not entry[1] then return {'damaged', 'there is no entry ' .. argv[i] .. ' to strike'} end
  end
  for _, id in ipairs(ids) do redis.call('XDEL', keys[2], id) end
  redis.call('DEL', keys[5]) -- a copy under way may hold what was struck: it begins anew
  for person in string.gmatch(argv[5], '%S+') do redis.call('HDEL', keys[3], person) end
  return write(keys, argv[1], head[1], tonumber(head[2]), head[3], argv, first)
end

-- Deletes a forum whole, and rings as if in a new life: who has read all of it looks too, and finds nothing any more.
-- ARGV 1 to 4 as for append
local function purge(keys, argv)
  local head, why = present_head(keys)
  if not head then return why end
  if not is_at(head, argv) then return {'conflict', head[1], head[2], head[3]} end
  redis.call('DEL', keys[1], keys[2], keys[3], keys[4], keys[5])
  redis.call('SPUBLISH', argv[1], tostring(tonumber(head[1]) + 1) .. ' ' .. head[2] .. ' ' .. head[3])
  return {'ok', head[1], head[2], head[3]}
end

-- Lets nothing be added here any more: the forum goes on at an address; or, without one, lets it go on here again. It is the
-- same history in another life: who holds it is told by the bell, and by the next look, to ask, and is told.
-- ARGV 1 channel   2 address, or ''   3 when, ms since the epoch
local function move(keys, argv)
  local head, why = present_head(keys)
  if not head then return why end
  local gen = tostring(tonumber(head[1]) + 1)
  redis.call('HSET', keys[1], 'gen', gen)
  if argv[2] == '' then
    redis.call('HDEL', keys[1], 'moved', 'moved_at')
  else
    local since = redis.call('HGET', keys[1], 'moved_at') or argv[3]
    redis.call('HSET', keys[1], 'moved', argv[2], 'moved_at', since)
  end
  redis.call('SPUBLISH', argv[1], gen .. ' ' .. head[2] .. ' ' .. head[3])
  return {'ok', gen, head[2], head[3]}
end

-- Copies a journal afresh, a part at a time, and puts the copy in its place: XDEL only marks an entry as deleted, and its
-- bytes stay in the stream's node, in memory and in every file that is written of it.
-- ARGV 1 number of the last entry copied so far: 0 begins anew   2 how many at most
-- Answers: {'more', number}, {'done'}, {'anew'}
local function compact(keys, argv)
  if redis.call('EXISTS', keys[2]) == 0 then return {'done'} end
  if argv[1] == '0' then
    redis.call('DEL', keys[5])
  elseif last_written(keys[5]) ~= argv[1] then
    return {'anew'}
  end
  local entries = redis.call('XRANGE', keys[2], '(' .. argv[1] .. '-0', '+', 'COUNT', argv[2])
  for _, entry in ipairs(entries) do redis.call('XADD', keys[5], entry[1], unpack(entry[2])) end
  local copied = last_written(keys[5])
  if copied ~= last_written(keys[2]) then return {'more', copied} end
  redis.call('RENAME', keys[5], keys[2])
  return {'done'}
end

-- Fills the journal of a forum that has no head yet with entries as they were elsewhere, chain and holes included.
-- ARGV 1 number of the last entry filled so far: 0 begins anew   then seq, op, body, chain per entry
local function fill(keys, argv)
  if redis.call('EXISTS', keys[1]) == 1 then return {'taken'} end
  if argv[1] == '0' then
    redis.call('DEL', keys[2], keys[3], keys[4], keys[5]) -- left by a filling that was broken off
  else
    local last, why = last_written(keys[2])
    if last ~= argv[1] then return {'damaged', why or ('filled up to ' .. last .. ', not ' .. argv[1])} end
  end
  for i = 2, #argv, 4 do
    redis.call('XADD', keys[2], argv[i] .. '-0', 'o', argv[i + 1], 'b', argv[i + 2], 'c', argv[i + 3])
  end
  return {'ok'}
end

-- Gives a filled journal its head: from now on it is a forum.
-- ARGV 1 channel   2 gen  3 seq  4 chain   then name, value per meta field
local function seal(keys, argv)
  if redis.call('EXISTS', keys[1]) == 1 then return {'taken'} end
  local last, why = last_written(keys[2])
  if last ~= argv[3] then return {'damaged', why or ('filled up to ' .. last .. ', not ' .. argv[3])} end
  redis.call('HSET', keys[1], 'gen', argv[2], 'seq', argv[3], 'chain', argv[4], 'rid', '')
  for i = 5, #argv, 2 do redis.call('HSET', keys[1], argv[i], argv[i + 1]) end
  redis.call('SPUBLISH', argv[1], argv[2] .. ' ' .. argv[3] .. ' ' .. argv[4])
  return {'ok', argv[2], argv[3], argv[4]}
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

-- Puts one record of what lies beside the journal in the place of another, if that still stands there.
-- ARGV 1 digest of a secret   2 the record that was read   3 what comes in its place
local function replace(keys, argv)
  if redis.call('HGET', keys[4], argv[1]) ~= argv[2] then return {'other'} end
  redis.call('HSET', keys[4], argv[1], argv[3])
  return {'ok'}
end

redis.register_function('forum_append', append)
redis.register_function('forum_create', create)
redis.register_function('forum_redact', redact) -- as processes of before call it: for one person
redis.register_function('forum_strike', redact)
redis.register_function('forum_purge', purge)
redis.register_function('forum_move', move)
redis.register_function('forum_compact', compact)
redis.register_function('forum_fill', fill)
redis.register_function('forum_seal', seal)
redis.register_function('forum_replace', replace)
