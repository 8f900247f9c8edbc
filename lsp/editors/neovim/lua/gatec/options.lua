-- What a user can choose, and what holds otherwise.
local M = {}

M.defaults = {
  -- The server; the program is looked for on the PATH.
  cmd = { "gatec", "lsp" },
  -- Variables that the server sees beside the editor's: what `(env)"NAME"` in a spec reads.
  cmd_env = nil,
  -- Lua patterns of paths of further YAML files, for those that a spec includes.
  include = {},
  -- Code lenses: how many tests a route has, run a test.
  code_lens = true,
  -- Called with the client and the buffer, as in any set-up of a language server.
  on_attach = nil,
  -- Added to what the editor itself can do, for completion plugins.
  capabilities = nil,
}

--- The defaults with the user's options over them. Unknown options are told of, not passed over.
function M.merged(given)
  given = given or {}
  for name in pairs(given) do
    local known = { cmd = 1, cmd_env = 1, include = 1, code_lens = 1, on_attach = 1, capabilities = 1 }
    if not known[name] then
      vim.notify("gatec: unknown option `" .. tostring(name) .. "`", vim.log.levels.WARN)
    end
  end
  return vim.tbl_extend("force", M.defaults, given)
end

return M
