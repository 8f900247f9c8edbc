-- The policies of a route: a code lens counts them, and shows them as a list.
local M = {}

--- What a code lens does when it is run: one policy is jumped to, several go into the quickfix list.
function M.lens(command, context)
  local places = (command.arguments or {})[3] or {}
  if #places == 0 then
    vim.notify("gatec: no policy applies to this route", vim.log.levels.INFO)
    return
  end
  local client = vim.lsp.get_client_by_id(context.client_id)
  local encoding = client and client.offset_encoding or "utf-16"
  local items = vim.lsp.util.locations_to_items(places, encoding)
  vim.fn.setqflist({}, " ", { title = command.title, items = items })
  if #items == 1 then
    vim.cmd("cfirst")
  else
    vim.cmd("copen")
  end
end

return M
