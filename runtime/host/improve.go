package host

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"gvpie/assets"
	"gvpie/runtime/agent/idle"
	"gvpie/runtime/improve"
	"gvpie/runtime/improve/campaign"
	"gvpie/runtime/improve/llm"
	"gvpie/runtime/improve/proposers"
	"gvpie/runtime/store"
)

// improving is what the loop improves scripts with.
func (h *Host) improving(ctx context.Context) *idle.Config {
	names := proposers.Names()
	var more []improve.Proposer
	model, err := h.model(ctx)
	if err != nil {
		h.config.Notice(fmt.Errorf("no model is asked for better programs: %w", err))
	}
	if model != nil && h.config.Queue == nil { // the workers of a fleet have no model
		names, more = append(names, model.Name()), append(more, model)
	}
	kit := proposers.Kit(h.config.CPU, more...)
	queue := func(cores int) campaign.Queue {
		// Beside a window no thread waits in the background: the collector of garbage
		// would have the whole window wait for it.
		return &campaign.Local{Kit: kit, Workers: cores, Background: h.config.Mode == Run}
	}
	if q := h.config.Queue; q != nil {
		queue = func(int) campaign.Queue { return q }
	}
	return &idle.Config{Version: cmp.Or(h.config.Build, h.config.Version), Proposers: names, Queue: queue}
}

// model is the language model that the settings name; nil: they name none.
func (h *Host) model(ctx context.Context) (*llm.Proposer, error) {
	value := map[string]string{}
	for _, name := range []string{store.ModelServerSetting, store.ModelSetting, store.ModelCallsSetting, store.ModelTokensSetting} {
		spec, _ := store.FindSetting(name)
		v, err := h.store.Setting(ctx, name, spec.Default)
		if err != nil {
			return nil, err
		}
		value[name] = v
	}
	if value[store.ModelServerSetting] == store.NoModel {
		return nil, nil
	}
	key, err := llm.Key(os.Getenv)
	if err != nil {
		return nil, err
	}
	tape, err := llm.OpenTape(filepath.Join(h.config.Data, "llm.jsonl"), time.Now())
	if err != nil {
		return nil, err
	}
	calls, _ := strconv.Atoi(value[store.ModelCallsSetting]) // 0 is as many as the proposer has it
	tokens, _ := strconv.Atoi(value[store.ModelTokensSetting])
	return llm.New(llm.Config{
		Endpoint:  llm.Endpoint{URL: value[store.ModelServerSetting], Model: value[store.ModelSetting], Key: key},
		Reference: assets.ShortReference(), Tape: tape, Calls: calls, Tokens: tokens,
		Told: func(text string) { h.log.Warn("a model proposed nothing", "why", text) },
	})
}
