package mcp

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/jsonschema-go/jsonschema"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"gvpie/runtime/debug"
)

// addTool makes a tool of a function. Its schemas are as plain as clients need them:
// some refuse the whole server over a type that is a list, or an object without
// properties.
func addTool[In, Out any](server *sdk.Server, t *sdk.Tool, do sdk.ToolHandlerFor[In, Out]) {
	t.InputSchema = plainSchema[In]()
	if s := plainSchema[Out](); s != nil {
		t.OutputSchema = s
	}
	sdk.AddTool(server, t, func(ctx context.Context, q *sdk.CallToolRequest, in In) (r *sdk.CallToolResult, out Out, err error) {
		err = debug.Guard(func() (err error) {
			r, out, err = do(ctx, q, in)
			return err
		})
		return r, out, err
	})
}

// plainSchema is the schema of a type; nil for any.
func plainSchema[T any]() any {
	s, err := jsonschema.For[T](nil)
	if err != nil {
		panic(fmt.Sprintf("a tool's schema: %v", err)) // the tools are fixed: any test meets this
	}
	b, err := json.Marshal(s)
	if err != nil {
		panic(fmt.Sprintf("a tool's schema: %v", err))
	}
	var v map[string]any
	if json.Unmarshal(b, &v) != nil || len(v) == 0 { // true: anything
		return nil
	}
	simplify(v)
	return v
}

// simplify makes a schema's types single, and gives its objects their properties.
func simplify(v any) {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			simplify(one)
		}
	case map[string]any:
		for _, one := range v {
			simplify(one)
		}
		if types, ok := v["type"].([]any); ok {
			for _, one := range types {
				if one != "null" {
					v["type"] = one
				}
			}
		}
		if v["type"] == "object" && v["properties"] == nil {
			v["properties"] = map[string]any{}
		}
	}
}
