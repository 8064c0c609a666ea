-- A journey in a real Neovim: attach, see diagnostics, go to a definition, rename.
-- Works with 0.7, the Neovim of Debian 12, and with current ones. What it has seen goes to OUT as JSON.

local file, out, command = vim.env.ST2C_FILE, vim.env.ST2C_OUT, vim.split(vim.env.ST2C_COMMAND, "\n")
local seen = {}

local function ask(method, params)
  local answers = vim.lsp.buf_request_sync(0, method, params, 10000) or {}
  for _, answer in pairs(answers) do
    if answer.err then error(method .. ": " .. vim.inspect(answer.err)) end
    return answer.result
  end
end

local function cursor(pattern)
  vim.fn.cursor(1, 1)
  assert(vim.fn.search(pattern, "cW") > 0, "not found: " .. pattern)
end

local function here()
  return vim.lsp.util.make_position_params(0, "utf-16")
end

local function journey()
  vim.cmd("edit " .. file)
  local client = vim.lsp.start_client({
    name = "st2lang",
    cmd = command,
    root_dir = vim.fn.fnamemodify(file, ":h"),
  })
  assert(client, "the server did not start")
  vim.lsp.buf_attach_client(0, client)

  vim.wait(10000, function() return #vim.diagnostic.get(0) > 0 end, 20)
  seen.diagnostics = {}
  for _, found in ipairs(vim.diagnostic.get(0)) do
    table.insert(seen.diagnostics, { line = found.lnum + 1, code = found.code, message = found.message })
  end

  cursor("do: \\zsserve")
  local found = ask("textDocument/definition", here())
  local target = found[1] or found
  seen.definition = (target.targetSelectionRange or target.range).start.line + 1

  local params = here()
  params.newName = "lay_the_table"
  local edit = ask("textDocument/rename", params)
  vim.lsp.util.apply_workspace_edit(edit, "utf-16")
  vim.cmd("write")

  vim.wait(10000, function() return #vim.diagnostic.get(0) == 1 end, 20)
  seen.after = #vim.diagnostic.get(0)
end

local fine, message = pcall(journey)
seen.error = not fine and message or nil
vim.fn.writefile({ vim.fn.json_encode(seen) }, out)
vim.cmd("qall!")
