-- The plugin with the real server, in a real Neovim:
--   GATEC=target/debug/gatec nvim --headless --clean --cmd "set runtimepath+=lsp/editors/neovim" -c "luafile lsp/editors/neovim/test/server.lua"
-- Prints a line for each test and, at the end, how many passed and failed; exits 1 if one failed.
local PATIENCE = 20000
local passed, failed = 0, 0

local function test(name, body)
  local good, why = pcall(body)
  if good then
    passed = passed + 1
    print("ok   " .. name .. "\n")
  else
    failed = failed + 1
    print("FAIL " .. name .. "\n     " .. tostring(why) .. "\n")
  end
end

local function same(found, wanted)
  if not vim.deep_equal(found, wanted) then
    error(vim.inspect(found) .. ", expected " .. vim.inspect(wanted), 2)
  end
end

local function wait(what, holds)
  if not vim.wait(PATIENCE, holds, 20) then
    error("waited in vain for " .. what, 2)
  end
end

local folder = vim.fn.tempname()
vim.fn.mkdir(folder, "p")
local function write(name, text)
  vim.fn.writefile(vim.split(text, "\n"), folder .. "/" .. name)
end

write("gate.kdl", [[
listener "web" bind="127.0.0.1:8080"
include "upstreams.yaml" "routes.kdl"]])
write("upstreams.yaml", [[
upstreams:
  orders:
    servers:
      - url: http://127.0.0.1:9000]])
write("routes.kdl", [[
route "order" public=#true {
    match "GET" "/orders/{id}"
    proxy "orders" path="/v1/{{ path.id }}"
}

route "hello" publik=#true {
    match "GET" "/hello"
    respond 200 "hello"
}

test "hello answers" {
    request "/hello"
    expect 200 route="hello"
}]])

require("gatec").setup({ cmd = { os.getenv("GATEC") or "gatec", "lsp" } })
vim.cmd("edit " .. vim.fn.fnameescape(folder .. "/routes.kdl"))
local buffer = vim.api.nvim_get_current_buf()

-- Puts the cursor behind some words, from 1.
local function at(words)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local _, last = line:find(words, 1, true)
    if last then
      vim.api.nvim_win_set_cursor(0, { number, last - 1 })
      return { line = number - 1, character = last }
    end
  end
  error("no `" .. words .. "` here", 2)
end

local function ask(method, params)
  local answers = vim.lsp.buf_request_sync(buffer, method, params, PATIENCE)
  for _, answer in pairs(answers or {}) do
    assert(not answer.error, vim.inspect(answer.error))
    return answer.result
  end
  error("no answer to " .. method, 2)
end

local function here(position)
  return { textDocument = vim.lsp.util.make_text_document_params(0), position = position }
end

local function codes()
  return vim.tbl_map(function(one)
    return one.code or (one.user_data and one.user_data.lsp and one.user_data.lsp.code)
  end, vim.diagnostic.get(buffer))
end

test("what is wrong is shown as the file is opened", function()
  wait("a finding", function()
    return #vim.diagnostic.get(buffer) > 0
  end)
  local found = vim.diagnostic.get(buffer)[1]
  same({ found.lnum, found.col, found.source }, { 5, 14, "gatec" })
  same(codes(), { "S101" })
  assert(found.message:find("publik", 1, true), found.message)
end)

test("a quick fix mends it", function()
  local position = at("publik")
  local found = vim.diagnostic.get(buffer)[1]
  local actions = ask("textDocument/codeAction", {
    textDocument = vim.lsp.util.make_text_document_params(0),
    range = { start = position, ["end"] = position },
    context = { diagnostics = { found.user_data.lsp and {
      range = {
        start = { line = found.lnum, character = found.col },
        ["end"] = { line = found.end_lnum, character = found.end_col },
      },
      code = "S101",
      message = found.message,
    } or nil } },
  })
  local mend = vim.tbl_filter(function(action)
    return action.isPreferred
  end, actions)[1]
  assert(mend, vim.inspect(actions))
  vim.lsp.util.apply_workspace_edit(mend.edit, "utf-16")
  assert(vim.api.nvim_buf_get_lines(0, 5, 6, false)[1]:find("public=#true", 1, true))
  wait("no findings", function()
    return #vim.diagnostic.get(buffer) == 0
  end)
end)

test("completion knows the names of other files", function()
  local answer = ask("textDocument/completion", here(at('proxy "')))
  same(vim.tbl_map(function(item)
    return item.label
  end, answer.items), { "orders" })
end)

test("the editor's own completion takes it over", function()
  same(vim.bo.omnifunc, "v:lua.vim.lsp.omnifunc")
  local line = at('match "GET" "/hello"').line + 1
  vim.api.nvim_buf_set_lines(0, line, line, false, { "    res" })
  local answer = ask("textDocument/completion", here({ line = line, character = 7 }))
  assert(#answer.items > 0)
  vim.api.nvim_buf_set_lines(0, line, line + 1, false, {})
end)

test("hover tells what a route takes", function()
  local answer = ask("textDocument/hover", here(at('route "ord')))
  assert(answer.contents.value:find("passes them to `orders`", 1, true), answer.contents.value)
end)

test("a definition in another file is jumped to", function()
  at('proxy "ord')
  vim.lsp.buf.definition()
  wait("the other file", function()
    return vim.api.nvim_buf_get_name(0):find("upstreams.yaml", 1, true) ~= nil
  end)
  same(vim.api.nvim_win_get_cursor(0), { 2, 2 })
end)

test("a rename reaches every file", function()
  vim.api.nvim_set_current_buf(buffer)
  at('proxy "ord')
  vim.lsp.buf.rename("purchases")
  wait("the new name", function()
    return vim.api.nvim_buf_get_lines(buffer, 2, 3, false)[1]:find('proxy "purchases"', 1, true) ~= nil
  end)
  local other = vim.fn.bufnr(folder .. "/upstreams.yaml")
  same(vim.api.nvim_buf_get_lines(other, 1, 2, false), { "  purchases:" })
  -- Neovim tells of changes after a moment.
  vim.wait(500)
  wait("no findings", function()
    return #vim.diagnostic.get() == 0
  end)
end)

test("a test is run from its lens", function()
  local lenses = ask("textDocument/codeLens", { textDocument = vim.lsp.util.make_text_document_params(0) })
  local run = vim.tbl_filter(function(lens)
    return lens.command.command == "gatec.runTest"
  end, lenses)[1]
  local answer = ask("workspace/executeCommand", {
    command = run.command.command,
    arguments = run.command.arguments,
  })
  same(answer, { passed = true, report = "pass: hello answers" })
end)

test("the text is laid out as `gatec fmt` does", function()
  vim.api.nvim_buf_set_lines(buffer, 6, 7, false, { '  match   "GET" "/hello"' })
  local edits = ask("textDocument/formatting", {
    textDocument = vim.lsp.util.make_text_document_params(0),
    options = { tabSize = 4, insertSpaces = true },
  })
  vim.lsp.util.apply_text_edits(edits, buffer, "utf-16")
  same(vim.api.nvim_buf_get_lines(buffer, 6, 7, false), { '    match "GET" "/hello"' })
end)

-- Policies, in a folder of their own.
local shop = vim.fn.tempname()
vim.fn.mkdir(shop, "p")
local function file(name, text)
  vim.fn.writefile(vim.split(text, "\n"), shop .. "/" .. name)
end
file("gate.kdl", [[
listener "web" bind="127.0.0.1:8080"

identity "order-staff" {
    jwt issuer="https://id.example" audience="shop" keys="https://id.example/jwks.json"
    claim "sub"
    claim "level" type="long"
}

policies "orders.cedar"

route "get-order" {
    match "GET" "/orders/{id}"
    identity "order-staff"
    respond 200
}]])
file("orders.cedar", [[
// who may read
permit (principal is OrderStaff, action == Action::"get-order", resource)
when { principal.level > 3 && resource.id == principal.sub };]])

test("a policy is known to its spec, and a mistake in it is shown", function()
  vim.cmd("edit " .. vim.fn.fnameescape(shop .. "/orders.cedar"))
  buffer = vim.api.nvim_get_current_buf()
  same(vim.bo.filetype, "cedar")
  vim.api.nvim_buf_set_lines(buffer, 2, 3, false, {
    "when { principal.levle > 3 && resource.id == principal.sub };",
  })
  wait("a finding in the policy", function()
    return vim.deep_equal(codes(), { "P205" })
  end)
  same(vim.diagnostic.get(buffer)[1].lnum, 2)
  vim.api.nvim_buf_set_lines(buffer, 2, 3, false, {
    "when { principal.level > 3 && resource.id == principal.sub };",
  })
  wait("no findings", function()
    return #vim.diagnostic.get(buffer) == 0
  end)
end)

test("completion in a policy knows routes and claims", function()
  local labels = function(words)
    local answer = ask("textDocument/completion", here(at(words)))
    return vim.tbl_map(function(item)
      return item.label
    end, answer.items)
  end
  same(labels('Action::"'), { "get-order" })
  same(labels("when { principal."), { "level", "sub" })
end)

test("a definition leads from a policy into the spec, and a list back", function()
  at('Action::"get')
  vim.lsp.buf.definition()
  wait("the spec", function()
    return vim.api.nvim_buf_get_name(0):find("gate.kdl", 1, true) ~= nil
  end)
  same(vim.api.nvim_win_get_cursor(0), { 11, 7 })
  buffer = vim.api.nvim_get_current_buf()
  at('policies "ord')
  vim.lsp.buf.definition()
  wait("the policies", function()
    return vim.api.nvim_buf_get_name(0):find("orders.cedar", 1, true) ~= nil
  end)
  vim.cmd("buffer " .. buffer)
  local params = here(at('route "get'))
  params.context = { includeDeclaration = false }
  local found = ask("textDocument/references", params)
  same(#found, 1)
  same(vim.uri_to_fname(found[1].uri):match("[^/]+$"), "orders.cedar")
  same(found[1].range.start.line, 1)
end)

test("a lens counts the policies of a route, and goes to them", function()
  local lenses = ask("textDocument/codeLens", { textDocument = vim.lsp.util.make_text_document_params(0) })
  local lens = vim.tbl_filter(function(one)
    return one.command.command == "gatec.showPolicies"
  end, lenses)[1]
  same(lens.command.title, "1 policy: 1 permits")
  local client = require("gatec").clients()[1]
  require("gatec").commands()["gatec.showPolicies"](lens.command, { client_id = client.id })
  assert(vim.api.nvim_buf_get_name(0):find("orders.cedar", 1, true))
  same(vim.api.nvim_win_get_cursor(0)[1], 2)
end)

test("a rename reaches the types of policies", function()
  vim.cmd("edit " .. vim.fn.fnameescape(shop .. "/gate.kdl"))
  buffer = vim.api.nvim_get_current_buf()
  at('identity "order-st')
  vim.lsp.buf.rename("shop-clerk")
  local policies = vim.fn.bufnr(shop .. "/orders.cedar")
  wait("the new type", function()
    return vim.api.nvim_buf_get_lines(policies, 1, 2, false)[1]:find("principal is ShopClerk,", 1, true) ~= nil
  end)
  same(vim.api.nvim_buf_get_lines(buffer, 2, 3, false), { 'identity "shop-clerk" {' })
  vim.wait(500)
  wait("no findings", function()
    return #vim.diagnostic.get(policies) == 0
  end)
end)

test("what the server does not survive would be seen here", function()
  for _, text in ipairs({ "{{{{", '"""', "route \"", "ü😀", "\\" }) do
    vim.api.nvim_buf_set_lines(buffer, -1, -1, false, { text })
    ask("textDocument/hover", here({ line = vim.api.nvim_buf_line_count(buffer) - 1, character = 1 }))
  end
  -- One for each root.
  same(#require("gatec").clients(), 2)
end)

print(passed .. " passed, " .. failed .. " failed\n")
vim.cmd(failed == 0 and "qall!" or "cquit!")
