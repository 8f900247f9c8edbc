-- Starts the language server of gatec for specs and policies. Options stand in `vim.g.gatec`, or go
-- to `require("gatec").setup()`, which may be called before or after this file is read.
if vim.g.loaded_gatec then
  return
end
vim.g.loaded_gatec = true

if vim.fn.has("nvim-0.7") == 0 then
  vim.notify("gatec: needs Neovim 0.7 or newer", vim.log.levels.WARN)
  return
end

vim.api.nvim_create_user_command("GatecRestart", function()
  require("gatec").restart()
end, { desc = "Start the language server of gatec anew" })

vim.api.nvim_create_user_command("GatecRunTest", function(command)
  require("gatec.tests").run(command.args)
end, {
  nargs = "?",
  desc = "Run the test of this name, or else the one the cursor stands in",
  complete = function(lead, line)
    return require("gatec.tests").complete(lead, line)
  end,
})

local gatec = require("gatec")
if not gatec.ready then
  gatec.setup(vim.g.gatec)
end
