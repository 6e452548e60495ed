package cli

import (
	"flag"

	"gvpie/runtime/mcp"
	"gvpie/runtime/store"
)

var mcpCommand = command{
	name: "mcp", args: "[FLAGS]", summary: "Serve tools for coding assistants over standard input and output",
	help: `It speaks the Model Context Protocol (modelcontextprotocol.io), until standard input
ends. Its tools check a program, run it and show its picture, render chosen frames,
say which line wrote a texel; list, add, switch, run and remove scripts of the loop;
show and replay its runs, read its map, show cartridges, and keep its goals; judge a
program that is proposed for a script or a goal, and put a good one before a person.
Programs run on the CPU, which gives the same bits as the GPU.
`,
	setup: func(fs *flag.FlagSet) func(*invocation) error {
		data := addData(fs)
		return func(c *invocation) error {
			if err := c.noArgs(); err != nil {
				return err
			}
			open := func() (*store.Store, error) {
				dir, err := c.dataDir(*data)
				if err != nil {
					return nil, err
				}
				s, _, err := c.openStore(dir, nil)
				return s, err
			}
			return mcp.Serve(c.ctx, mcp.Config{Version: version(), CPU: c.compiler.NewCPU, Open: open}, c.Stdin, c.Stdout)
		}
	},
}
