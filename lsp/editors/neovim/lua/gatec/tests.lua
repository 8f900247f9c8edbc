-- Running tests of a spec: from a code lens, and by `:GatecRunTest`.
local M = {}

local COMMAND = "gatec.runTest"

--- Runs the test of a name in the current file, or else the one that the cursor stands in.
function M.run(name)
  local buffer = vim.api.nvim_get_current_buf()
  local client = require("gatec").client(buffer)
  if not client then
    vim.notify("gatec: no language server is attached to this buffer", vim.log.levels.WARN)
    return
  end
  if name and name ~= "" then
    M.execute(client, buffer, { vim.uri_from_bufnr(buffer), name })
    return
  end
  M.lenses(client, buffer, function(lenses)
    local lens = M.nearest(lenses, vim.api.nvim_win_get_cursor(0)[1] - 1)
    if lens then
      M.execute(client, buffer, lens.command.arguments)
    else
      vim.notify("gatec: the cursor is in no test", vim.log.levels.WARN)
    end
  end)
end

--- What a code lens does when it is run.
function M.lens(command, context)
  local client = vim.lsp.get_client_by_id(context.client_id)
  if client then
    M.execute(client, context.bufnr or vim.api.nvim_get_current_buf(), command.arguments)
  end
end

function M.execute(client, buffer, arguments)
  local params = { command = COMMAND, arguments = arguments }
  -- How the test went is told by the server itself.
  M.request(client, "workspace/executeCommand", params, buffer, function(failure)
    if failure then
      vim.notify("gatec: " .. (failure.message or vim.inspect(failure)), vim.log.levels.ERROR)
    end
  end)
end

--- The lenses of a buffer that run a test.
function M.lenses(client, buffer, done)
  local params = { textDocument = { uri = vim.uri_from_bufnr(buffer) } }
  M.request(client, "textDocument/codeLens", params, buffer, function(_, lenses)
    done(vim.tbl_filter(function(lens)
      return lens.command ~= nil and lens.command.command == COMMAND
    end, lenses or {}))
  end)
end

--- The last lens at or above a line: a lens stands at the head of its test.
function M.nearest(lenses, line)
  local best
  for _, lens in ipairs(lenses) do
    local at = lens.range.start.line
    if at <= line and (not best or at > best.range.start.line) then
      best = lens
    end
  end
  return best
end

--- The names of the tests in the current file that begin with what is typed. A name has spaces, and
--- the editor completes its last word: what stands before that is left out of each answer.
function M.complete(lead, line)
  local typed = (line or lead):match("^%s*%S*GatecRunTest%s+(.*)$") or lead
  local buffer = vim.api.nvim_get_current_buf()
  local names = {}
  for _, text in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
    local name = text:match('^%s*test%s+"(.-)"')
    if name and vim.startswith(name, typed) then
      table.insert(names, name:sub(#typed - #lead + 1))
    end
  end
  return names
end

--- `client.request` became a method in 0.11.
function M.request(client, method, params, buffer, done)
  local handler = function(failure, result)
    done(failure, result)
  end
  if vim.fn.has("nvim-0.11") == 1 then
    return client:request(method, params, handler, buffer)
  end
  return client.request(method, params, handler, buffer)
end

return M
