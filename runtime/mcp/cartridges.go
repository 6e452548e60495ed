package mcp

import (
	"bytes"
	"context"
	"fmt"
	"image/png"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"gvpie/runtime/agent"
	"gvpie/runtime/store"
)

// The tools that show cartridges.

type cartridgeRow struct {
	ID       string `json:"id" jsonschema:"what a cartridge script has for its code"`
	Kind     string `json:"kind" jsonschema:"pixel: a program; code, dataset, prompt: text"`
	Width    int64  `json:"width" jsonschema:"of the canvas, texels; 0 without a program"`
	Height   int64  `json:"height"`
	Executed int64  `json:"executed_count"`
}

type cartridgesOut struct {
	Cartridges []cartridgeRow `json:"cartridges"`
	Next       int64          `json:"next" jsonschema:"before of the next page; 0: this is the last"`
}

func (s *toolbox) listCartridges(ctx context.Context, _ *sdk.CallToolRequest, in listIn) (*sdk.CallToolResult, cartridgesOut, error) {
	db, err := s.database()
	if err != nil {
		return nil, cartridgesOut{}, err
	}
	rows, next, err := list(ctx, s, in, (*store.Store).Cartridges, func(c store.Cartridge) (cartridgeRow, int64) {
		return cartridgeRow{agent.CartridgeID(db.Dir(), c), c.Kind, c.Width, c.Height, c.ExecutedCount}, c.ID
	})
	return nil, cartridgesOut{rows, next}, err
}

type cartridgeIn struct {
	ID string `json:"id" jsonschema:"of the cartridge, as list_cartridges gives it"`
}

type cartridgeOut struct {
	cartridgeRow
	Name        string   `json:"name"`
	Author      string   `json:"author"`
	Description string   `json:"description"`
	Version     string   `json:"version"`
	Tags        []string `json:"tags"`
	Remark      string   `json:"remark" jsonschema:"what other programs have added to its file, which does it no harm; empty: nothing"`
	Code        string   `json:"code"`
}

// readCartridge shows one cartridge, verified.
func (s *toolbox) readCartridge(ctx context.Context, _ *sdk.CallToolRequest, in cartridgeIn) (*sdk.CallToolResult, cartridgeOut, error) {
	out := cartridgeOut{Tags: []string{}}
	db, err := s.database()
	if err != nil {
		return nil, out, err
	}
	if !agent.IsCartridgeID(in.ID) && !agent.IsCartridgeNumber(in.ID) {
		return nil, out, fmt.Errorf("%q is no id of a cartridge", clip(in.ID, maxText))
	}
	row, err := agent.FindCartridge(ctx, db, db.Dir(), in.ID)
	if err != nil {
		return nil, out, err
	}
	c, _, err := agent.OpenCartridge(row)
	if err != nil {
		return nil, out, err
	}
	out.cartridgeRow = cartridgeRow{agent.CartridgeID(db.Dir(), row), string(c.Kind), int64(c.Width), int64(c.Height), row.ExecutedCount}
	out.Name, out.Author, out.Description, out.Version = c.Name, c.Author, c.Description, c.Version
	out.Tags = append(out.Tags, c.Tags...)
	out.Remark, out.Code = c.Remark(), clip(c.Source, maxCode)
	said := &sdk.CallToolResult{Content: []sdk.Content{asText(out)}}
	if size := c.Picture.Rect.Size(); size.X*size.Y <= maxPixels {
		var b bytes.Buffer
		if err := png.Encode(&b, c.Picture); err != nil {
			return nil, out, err
		}
		said.Content = append(said.Content, &sdk.ImageContent{Data: b.Bytes(), MIMEType: "image/png"})
	}
	return said, out, nil
}
