-- A client of the Debug Adapter Protocol in Neovim: walks through the program
-- $PROGRAM, debugged by `$GVPIE dap`, and prints where each request leads.
local uv = vim.uv or vim.loop
local patience = 60000 -- ms; only a server that is stuck is waited for so long

local to, from = uv.new_pipe(false), uv.new_pipe(false)
local ended
assert(uv.spawn(os.getenv("GVPIE"), { args = { "dap" }, stdio = { to, from, 2 } }, function(code)
	ended = code
end))

-- What the server sent, apart by the heads of its messages.
local unread, messages = "", {}
from:read_start(function(err, chunk)
	assert(not err, err)
	unread = unread .. (chunk or "")
	while true do
		local _, head, length = unread:find("^Content%-Length: (%d+)\r\n\r\n")
		if not head or #unread < head + length then
			return
		end
		table.insert(messages, unread:sub(head + 1, head + length))
		unread = unread:sub(head + length + 1)
	end
end)

-- await takes the first message that fits, and leaves the others in their order.
local function await(what, fits)
	local found
	vim.wait(patience, function()
		for i, text in ipairs(messages) do
			local m = vim.json.decode(text)
			if fits(m) then
				found = m
				table.remove(messages, i)
				return true
			end
		end
		return ended
	end, 2)
	return assert(found, "no " .. what)
end

local seq = 0
local function ask(command, arguments)
	seq = seq + 1
	local asked = seq
	local text = vim.json.encode({ seq = seq, type = "request", command = command, arguments = arguments })
	to:write(("Content-Length: %d\r\n\r\n%s"):format(#text, text))
	local r = await("answer to " .. command, function(m)
		return m.type == "response" and m.request_seq == asked
	end)
	assert(r.success, command .. ": " .. (r.message or ""))
	return r.body
end

local function event(name)
	return await(name, function(m)
		return m.type == "event" and m.event == name
	end).body
end

-- values are the values of all scopes of a call, by their names.
local function values(call)
	local all = {}
	for _, scope in ipairs(ask("scopes", { frameId = call }).scopes) do
		for _, v in ipairs(ask("variables", { variablesReference = scope.variablesReference }).variables) do
			all[v.name] = v.value
		end
	end
	return all
end

-- stopped prints where the program stopped.
local function stopped(after)
	local why = event("stopped").reason
	local calls = ask("stackTrace", { threadId = 1 }).stackFrames
	local all = values(calls[1].id)
	print(("%s: %s, line %d in %s, frame %s, n %s"):format(after, why, calls[1].line, calls[1].name, all.frame, all.n))
	return calls, all
end

local function move(command)
	ask(command, { threadId = 1 })
	return stopped(command)
end

local function walk()
	local source = { path = os.getenv("PROGRAM") }
	assert(ask("initialize", { adapterID = "gvpie", clientID = "neovim" }).supportsStepBack)
	ask("launch", { program = source.path, pace = "free" })
	event("initialized")
	for _, b in ipairs(ask("setBreakpoints", {
		source = source,
		breakpoints = { { line = 10, condition = "n > 4" }, { line = 9, logMessage = "before, n is {n}" } },
	}).breakpoints) do
		print(("breakpoint: line %d, %s"):format(b.line, b.verified and "verified" or b.message))
	end
	ask("configurationDone")
	local calls = stopped("launch")
	assert(calls[1].source.path == source.path, "another file: " .. calls[1].source.path)
	print("console: " .. event("output").output:gsub("\n", ""))
	move("stepBack")
	calls = move("stepBack")
	print(("calls: %d, the outer on line %d"):format(#calls, calls[2].line))
	move("stepOut")
	move("continue")
	move("continue")
	local _, all = move("reverseContinue")
	print("array: " .. all.seen)
	print("expression: " .. ask("evaluate", { expression = "seen[1] + n", frameId = 1 }).result)
	move("next")
	move("reverseContinue")
	move("reverseContinue")
	ask("disconnect")
	event("terminated")
end

local ok, err = xpcall(walk, debug.traceback)
if not ok then
	print(err)
end
to:close()
vim.wait(patience, function()
	return ended
end, 2)
print("ended: " .. tostring(ended))
vim.cmd("qall!")
