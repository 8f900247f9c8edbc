-- The language server of gatec, started for specs and policies. How a server is started has changed
-- over the years; the newest way that this Neovim knows is taken:
--   0.11 and newer  vim.lsp.config and vim.lsp.enable
--   0.8 and newer   vim.lsp.start
--   0.7             vim.lsp.start_client and vim.lsp.buf_attach_client
local files = require("gatec.files")
local options = require("gatec.options")

local M = { ready = false }

local FILETYPES = { "kdl", "yaml", "cedar" }
local chosen = options.defaults
-- In 0.7: the client of each root.
local clients = {}

--- Sets the server up. May be called again with other options.
function M.setup(given)
  chosen = options.merged(given)
  M.ready = true
  local group = vim.api.nvim_create_augroup("gatec", { clear = true })
  if vim.lsp.config and vim.lsp.enable then
    vim.lsp.config("gatec", vim.tbl_extend("force", M.config(), {
      filetypes = FILETYPES,
      root_dir = function(buffer, found)
        if M.wants(buffer) then
          found(files.root(vim.api.nvim_buf_get_name(buffer)))
        end
      end,
    }))
    vim.lsp.enable("gatec")
    -- The editor passes over a program that is not there, and says nothing.
    vim.api.nvim_create_autocmd("FileType", {
      group = group,
      pattern = FILETYPES,
      callback = function(event)
        if M.wants(event.buf) then
          M.runs()
        end
      end,
    })
    return
  end
  vim.api.nvim_create_autocmd("FileType", {
    group = group,
    pattern = FILETYPES,
    callback = function(event)
      M.start(event.buf)
    end,
  })
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buffer) then
      M.start(buffer)
    end
  end
end

--- Whether the server is for this buffer.
function M.wants(buffer)
  local path = vim.api.nvim_buf_get_name(buffer)
  return files.ours(path, vim.bo[buffer].filetype, chosen.include)
end

--- What every way of starting is given.
function M.config()
  local capabilities = vim.lsp.protocol.make_client_capabilities()
  return {
    name = "gatec",
    cmd = chosen.cmd,
    cmd_env = chosen.cmd_env,
    capabilities = vim.tbl_deep_extend("force", capabilities, chosen.capabilities or {}),
    on_attach = M.attached,
    -- A code lens runs its command through this table.
    commands = M.commands(),
  }
end

--- What code lenses do here.
function M.commands()
  return {
    ["gatec.runTest"] = require("gatec.tests").lens,
    ["gatec.showPolicies"] = require("gatec.policies").lens,
  }
end

--- Starts the server for a buffer, or attaches the one that runs for its root (before 0.11).
function M.start(buffer)
  if not M.wants(buffer) or not M.runs() then
    return
  end
  local root = files.root(vim.api.nvim_buf_get_name(buffer))
  local config = vim.tbl_extend("force", M.config(), { root_dir = root })
  if vim.lsp.start then
    -- 0.8 takes the current buffer alone.
    vim.api.nvim_buf_call(buffer, function()
      vim.lsp.start(config)
    end)
    return
  end
  local id = clients[root]
  if id == nil or vim.lsp.get_client_by_id(id) == nil then
    config.workspace_folders = { { uri = vim.uri_from_fname(root), name = root } }
    -- 0.7 has no place for commands of one client.
    for name, command in pairs(config.commands) do
      vim.lsp.commands[name] = command
    end
    id = vim.lsp.start_client(config)
    clients[root] = id
  end
  if id then
    vim.lsp.buf_attach_client(buffer, id)
  end
end

--- Whether the program is there; tells once if it is not.
function M.runs()
  local program = chosen.cmd[1]
  if vim.fn.executable(program) == 1 then
    return true
  end
  if not M.told then
    M.told = true
    vim.notify(
      "gatec: `" .. program .. "` was not found; install gatec, or set `cmd` (:help gatec-options)",
      vim.log.levels.WARN
    )
  end
  return false
end

function M.attached(client, buffer)
  -- From 0.8 on Neovim does this itself.
  if vim.bo[buffer].omnifunc == "" then
    vim.bo[buffer].omnifunc = "v:lua.vim.lsp.omnifunc"
  end
  if vim.bo[buffer].tagfunc == "" then
    vim.bo[buffer].tagfunc = "v:lua.vim.lsp.tagfunc"
  end
  -- From 0.10 on Neovim does this itself.
  if vim.fn.has("nvim-0.10") == 0 and vim.fn.maparg("K", "n") == "" then
    vim.keymap.set("n", "K", vim.lsp.buf.hover, { buffer = buffer, desc = "gatec: what this is" })
  end
  if chosen.code_lens and M.can(client, "codeLensProvider") then
    local group = vim.api.nvim_create_augroup("gatec-lens-" .. buffer, { clear = true })
    vim.api.nvim_create_autocmd({ "BufEnter", "InsertLeave", "BufWritePost" }, {
      group = group,
      buffer = buffer,
      callback = M.refresh,
    })
    M.refresh()
  end
  M.indented(buffer)
  if chosen.on_attach then
    chosen.on_attach(client, buffer)
  end
end

--- Indentation as `gatec fmt` writes it, unless an .editorconfig says otherwise.
function M.indented(buffer)
  local said = vim.b[buffer].editorconfig
  if vim.bo[buffer].filetype == "kdl" and (said == nil or next(said) == nil) then
    vim.bo[buffer].expandtab = true
    vim.bo[buffer].shiftwidth = 4
    vim.bo[buffer].softtabstop = 4
  end
end

function M.refresh()
  pcall(vim.lsp.codelens.refresh)
end

--- Takes away the lenses of a server that ends; 0.7 leaves them standing.
function M.clear(id, buffer)
  if vim.lsp.codelens.clear then
    pcall(vim.lsp.codelens.clear, id, buffer)
  else
    local space = vim.api.nvim_create_namespace("vim_lsp_codelens:" .. id)
    vim.api.nvim_buf_clear_namespace(buffer, space, 0, -1)
  end
end

--- Whether the server offers something. 0.7 knows this by another name.
function M.can(client, provider)
  local offered = client.server_capabilities or client.resolved_capabilities or {}
  return offered[provider] ~= nil and offered[provider] ~= false
end

--- The running servers, in any version.
function M.clients()
  local all = vim.lsp.get_clients and vim.lsp.get_clients() or vim.lsp.get_active_clients()
  return vim.tbl_filter(function(client)
    return client.name == "gatec"
  end, all)
end

--- The server of a buffer.
function M.client(buffer)
  for _, client in ipairs(M.clients()) do
    if vim.lsp.buf_is_attached(buffer, client.id) then
      return client
    end
  end
end

--- Stops the servers, waits until they are gone, and starts them for the buffers they had.
function M.restart()
  local buffers = {}
  for _, client in ipairs(M.clients()) do
    for _, buffer in ipairs(vim.lsp.get_buffers_by_client_id(client.id)) do
      buffers[buffer] = true
      M.clear(client.id, buffer)
    end
    vim.lsp.stop_client(client.id)
  end
  local gone = vim.wait(2000, function()
    return #M.clients() == 0
  end, 20)
  if not gone then
    for _, client in ipairs(M.clients()) do
      vim.lsp.stop_client(client.id, true)
    end
  end
  clients = {}
  M.told = false
  -- A server that never came up has no buffers; the current one is tried then.
  if next(buffers) == nil then
    buffers[vim.api.nvim_get_current_buf()] = true
  end
  for buffer in pairs(buffers) do
    if vim.api.nvim_buf_is_loaded(buffer) then
      M.again(buffer)
    end
  end
end

function M.again(buffer)
  if vim.lsp.config and vim.lsp.enable then
    if M.wants(buffer) and M.runs() then
      local root = files.root(vim.api.nvim_buf_get_name(buffer))
      local config = vim.tbl_extend("force", vim.lsp.config.gatec, { root_dir = root })
      vim.lsp.start(config, { bufnr = buffer })
    end
  else
    M.start(buffer)
  end
end

return M
