-- `:checkhealth gatec`
local M = {}

-- The names of these changed in 0.10.
local health = vim.health or require("health")
local start = health.start or health.report_start
local ok = health.ok or health.report_ok
local warn = health.warn or health.report_warn
local bad = health.error or health.report_error

function M.check()
  start("gatec")
  local program = require("gatec").config().cmd[1]
  if vim.fn.executable(program) == 0 then
    bad("`" .. program .. "` was not found", { "install gatec", "or set `cmd`: see :help gatec-options" })
    return
  end
  local version = vim.fn.systemlist({ program, "--version" })[1] or "no version"
  ok(vim.fn.exepath(program) .. ": " .. version)
  vim.fn.system({ program, "lsp", "--help" })
  if vim.v.shell_error ~= 0 then
    bad("`" .. program .. " lsp` is not there", { "a newer gatec has the language server" })
    return
  end
  local clients = require("gatec").clients()
  if #clients == 0 then
    warn("no server runs; open a gate.kdl or gate.yaml first")
  end
  for _, client in ipairs(clients) do
    ok("server " .. client.id .. " runs for " .. tostring(client.config.root_dir))
  end
end

return M
