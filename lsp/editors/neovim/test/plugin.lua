-- The parts of the plugin that need no server, in a real Neovim:
--   nvim --headless --clean --cmd "set runtimepath+=lsp/editors/neovim" -c "luafile lsp/editors/neovim/test/plugin.lua"
-- Prints a line for each test and, at the end, how many passed and failed; exits 1 if one failed.
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

local told = {}
vim.notify = function(words)
  table.insert(told, words)
end

local folder = vim.fn.tempname()
vim.fn.mkdir(folder .. "/shop/routes", "p")
vim.fn.mkdir(folder .. "/repository/.git", "p")
vim.fn.mkdir(folder .. "/repository/deep", "p")
vim.fn.writefile({ 'gateway "shop"' }, folder .. "/shop/gate.kdl")

-- No server: these tests are about the rest.
require("gatec").setup({ cmd = { "no-such-gatec", "lsp" } })

local function edit(name, lines)
  local path = folder .. "/" .. name
  vim.fn.writefile(lines, path)
  vim.cmd("edit! " .. vim.fn.fnameescape(path))
end

local files = require("gatec.files")
local tests = require("gatec.tests")

test("specs and policies are the server's, other YAML is not", function()
  local function ours(path, filetype)
    return files.ours(path, filetype, { "/routes/[^/]+%.yaml$" })
  end
  for path, filetype in pairs({
    ["/s/gate.kdl"] = "kdl",
    ["/s/routes/a.kdl"] = "kdl",
    ["/s/gate.yaml"] = "yaml",
    ["/s/gate.yml"] = "yaml",
    ["/s/shop.gate.yaml"] = "yaml",
    ["/s/routes/a.yaml"] = "yaml",
    ["/s/p.cedar"] = "cedar",
  }) do
    same({ path, ours(path, filetype) }, { path, true })
  end
  for path, filetype in pairs({
    ["/s/compose.yaml"] = "yaml",
    ["/s/agate.yaml"] = "yaml",
    ["/s/gate.yaml.txt"] = "text",
    [""] = "kdl",
  }) do
    same({ path, ours(path, filetype) }, { path, false })
  end
end)

test("a part of a spec in YAML is known by what it holds", function()
  vim.fn.writefile({ "# more", "routes:", "  a: {}" }, folder .. "/shop/routes/more.yaml")
  vim.fn.writefile({ "services:", "  routes: {}" }, folder .. "/shop/routes/compose.yaml")
  vim.fn.writefile({ "routes:" }, folder .. "/repository/deep/routes.yaml")
  local function ours(name)
    return files.ours(folder .. "/" .. name, "yaml", {})
  end
  same(ours("shop/routes/more.yaml"), true)
  same(ours("shop/routes/compose.yaml"), false)
  -- No spec lies above it.
  same(ours("repository/deep/routes.yaml"), false)
end)

test("the root is where a spec lies, else the repository, else the file's folder", function()
  same(files.root(folder .. "/shop/routes/a.kdl"), folder .. "/shop")
  same(files.root(folder .. "/repository/deep/a.kdl"), folder .. "/repository")
  vim.fn.mkdir(folder .. "/alone", "p")
  local alone = files.root(folder .. "/alone/a.kdl")
  -- Somebody's temporary folder may lie in a repository.
  assert(alone == folder .. "/alone" or vim.startswith(folder, alone), alone)
end)

test("filetypes are found", function()
  edit("shop/more.gate.kdl", { "node 1" })
  same(vim.bo.filetype, "kdl")
  edit("shop/p.cedar", { "permit(principal, action, resource);" })
  same(vim.bo.filetype, "cedar")
  edit("shop/gate.yaml", { "gateway: {}" })
  same(vim.bo.filetype, "yaml")
end)

test("a missing program is told of, once", function()
  local function words()
    return #vim.tbl_filter(function(line)
      return line:match("no%-such%-gatec") ~= nil
    end, told)
  end
  -- Newer Neovims look for a root a little later.
  vim.wait(5000, function()
    return words() > 0
  end, 10)
  same(words(), 1)
end)

test("unknown options are told of", function()
  told = {}
  require("gatec.options").merged({ comand = {} })
  same(told, { "gatec: unknown option `comand`" })
end)

test("the commands are there", function()
  same(vim.fn.exists(":GatecRestart"), 2)
  same(vim.fn.exists(":GatecRunTest"), 2)
  told = {}
  vim.cmd("GatecRunTest")
  same(told, { "gatec: no language server is attached to this buffer" })
end)

test("the test that the cursor stands in is the last that begins before it", function()
  local function lens(line)
    return { range = { start = { line = line } } }
  end
  local lenses = { lens(20), lens(3), lens(10) }
  same(tests.nearest(lenses, 12), lens(10))
  same(tests.nearest(lenses, 10), lens(10))
  same(tests.nearest(lenses, 2), nil)
end)

test("names of tests are completed", function()
  edit("shop/tests.kdl", { 'test "greets by name" {', "}", '  test "goes" {', "}", 'route "g" {' })
  same(tests.complete("g"), { "greets by name", "goes" })
  same(tests.complete("gr", "GatecRunTest gr"), { "greets by name" })
  same(tests.complete("b", "GatecRunTest greets b"), { "by name" })
end)

--- The highlight groups at the first place of some text.
local function groups(text)
  local line, column = unpack(vim.fn.searchpos("\\V" .. text, "nwc"))
  return vim.tbl_map(function(id)
    return vim.fn.synIDattr(id, "name")
  end, vim.fn.synstack(line, column))
end

test("templates are coloured in strings of specs, and nowhere else", function()
  vim.cmd("syntax enable")
  edit("shop/colours.kdl", { 'a "{{ path.id | upper }}" // {{ none }}', 'b #"{{ query.q }}"#' })
  assert(vim.tbl_contains(groups("path.id"), "gateTemplateName"), vim.inspect(groups("path.id")))
  assert(vim.tbl_contains(groups("| upper"), "gateTemplateFilter"), vim.inspect(groups("| upper")))
  assert(vim.tbl_contains(groups("query.q"), "gateTemplateName"), vim.inspect(groups("query.q")))
  assert(not vim.tbl_contains(groups("none"), "gateTemplateName"))
  edit("shop/gate.yaml", { 'a: "{{ path.id }}"' })
  assert(vim.tbl_contains(groups("path.id"), "gateTemplateName"), vim.inspect(groups("path.id")))
  edit("shop/helm.yaml", { 'a: "{{ path.id }}"' })
  assert(not vim.tbl_contains(groups("path.id"), "gateTemplateName"))
end)

--- Newer Neovims have an indentation of their own for KDL, which comes first.
local function test_of_ours(name, body)
  if vim.fn.filereadable(vim.env.VIMRUNTIME .. "/indent/kdl.vim") == 0 then
    test(name, body)
  end
end

test_of_ours("lines are indented by their braces", function()
  edit("shop/indent.kdl", {
    'route "a" {',
    'match "GET" "/{id}"',
    "respond 200 {",
    'body #"{"#',
    'header "a" "{" // {',
    "}",
    "}",
    "next",
  })
  vim.cmd("filetype plugin indent on")
  vim.cmd("edit!")
  vim.cmd("silent normal! gg=G")
  same(vim.api.nvim_buf_get_lines(0, 0, -1, false), {
    'route "a" {',
    '    match "GET" "/{id}"',
    "    respond 200 {",
    '        body #"{"#',
    '        header "a" "{" // {',
    "    }",
    "}",
    "next",
  })
end)

vim.fn.delete(folder, "rf")
print(string.format("%d passed, %d failed\n", passed, failed))
vim.cmd(failed == 0 and "qall!" or "cquit 1")
