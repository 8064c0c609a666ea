-- A journey in a real Neovim with the documented configuration: attach, see diagnostics, complete, go to a
-- definition, rename. Works with 0.7, the Neovim of Debian 12, and with current ones. What it has seen goes
-- to ST2C_OUT as JSON.

local file, out = vim.env.ST2C_FILE, vim.env.ST2C_OUT
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

local function clients()
  return (vim.lsp.get_clients or vim.lsp.get_active_clients)()
end

local function wait(what, condition)
  assert(vim.wait(20000, condition, 20), "this did not happen: " .. what)
end

local function diagnostics()
  wait("diagnostics", function() return #vim.diagnostic.get(0) > 0 end)
  seen.diagnostics = {}
  for _, found in ipairs(vim.diagnostic.get(0)) do
    table.insert(seen.diagnostics, { line = found.lnum + 1, code = found.code, message = found.message })
  end
end

-- Takes the name away behind `ctx().`, asks what there is, and accepts it again.
local function completion()
  cursor("ctx().\\zscups")
  local row, column = unpack(vim.api.nvim_win_get_cursor(0))
  vim.api.nvim_buf_set_text(0, row - 1, column, row - 1, column + #"cups", { "" })
  local found = ask("textDocument/completion", here())
  seen.completion = {}
  for _, item in ipairs(found.items or found) do
    table.insert(seen.completion, item.label)
    if item.label == "cups" and item.textEdit then
      vim.lsp.util.apply_text_edits({ item.textEdit }, vim.api.nvim_get_current_buf(), "utf-16")
    end
  end
  seen.completed = vim.api.nvim_buf_get_lines(0, row - 1, row, true)[1]
end

local function definition()
  cursor("do: \\zsserve")
  local found = ask("textDocument/definition", here())
  local target = found[1] or found
  seen.definition = (target.targetSelectionRange or target.range).start.line + 1
end

local function rename()
  local params = here()
  params.newName = "lay_the_table"
  vim.lsp.util.apply_workspace_edit(ask("textDocument/rename", params), "utf-16")
  vim.cmd("write")
end

local function journey()
  vim.cmd("edit " .. file)
  wait("a client", function() return #clients() > 0 and clients()[1].server_capabilities ~= nil end)
  seen.root = clients()[1].config.root_dir
  diagnostics()
  completion()
  definition()
  rename()
  vim.cmd("edit " .. vim.fn.fnamemodify(file, ":h") .. "/other.yaml")
  vim.wait(200)
  seen.clients = #clients()
end

local fine, message = pcall(journey)
seen.error = not fine and message or nil
vim.fn.writefile({ vim.fn.json_encode(seen) }, out)
vim.cmd("qall!")
