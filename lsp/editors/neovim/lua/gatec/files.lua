-- Which files are the server's, and which folder is their root.
local M = {}

local MARKERS = { "gate.kdl", "gate.yaml", "gate.yml" }

--- Whether a file is the server's. Every KDL and Cedar file is offered: the server knows which of
--- them a spec names. YAML has too many other uses for that: it must be named as a spec, or look like a
--- part of one that lies above it.
function M.ours(path, filetype, include)
  if path == "" then
    return false
  end
  if filetype == "kdl" or filetype == "cedar" then
    return true
  end
  if filetype ~= "yaml" then
    return false
  end
  if M.named(vim.fn.fnamemodify(path, ":t")) or M.part(path) then
    return true
  end
  for _, pattern in ipairs(include) do
    if path:match(pattern) then
      return true
    end
  end
  return false
end

--- Whether a YAML file is a spec by its name.
function M.named(name)
  return name:match("^gate%.ya?ml$") ~= nil or name:match("%.gate%.ya?ml$") ~= nil
end

local SECTIONS = { "gateway:", "include:", "listeners:", "routes:", "upstreams:", "tests:" }

--- Whether a YAML file looks like a part of the spec in a folder above it: one of its first lines
--- begins a section.
function M.part(path)
  if M.above(vim.fn.fnamemodify(path, ":p:h"), MARKERS) == nil then
    return false
  end
  local buffer = vim.fn.bufnr(path)
  local lines
  if buffer ~= -1 and vim.api.nvim_buf_is_loaded(buffer) then
    lines = vim.api.nvim_buf_get_lines(buffer, 0, 200, false)
  else
    local read, found = pcall(vim.fn.readfile, path, "", 200)
    lines = read and found or {}
  end
  for _, line in ipairs(lines) do
    for _, section in ipairs(SECTIONS) do
      if vim.startswith(line, section) then
        return true
      end
    end
  end
  return false
end

--- The nearest folder above a file that holds a spec, else a repository, else the file's own.
function M.root(path)
  local own = vim.fn.fnamemodify(path, ":p:h")
  return M.above(own, MARKERS) or M.above(own, { ".git" }) or own
end

--- The nearest folder, this one or above it, that holds one of the names.
function M.above(folder, names)
  while true do
    for _, name in ipairs(names) do
      if vim.loop.fs_stat(folder .. "/" .. name) then
        return folder
      end
    end
    local parent = vim.fn.fnamemodify(folder, ":h")
    if parent == folder then
      return nil
    end
    folder = parent
  end
end

return M
