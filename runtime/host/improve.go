package host

import (
	"cmp"

	"gvpie/runtime/agent/idle"
	"gvpie/runtime/improve/campaign"
	"gvpie/runtime/improve/proposers"
)

// improving is what the loop improves scripts with.
func (h *Host) improving() *idle.Config {
	kit := proposers.Kit(h.config.CPU)
	queue := func(cores int) campaign.Queue {
		// Beside a window no thread waits in the background: the collector of garbage
		// would have the whole window wait for it.
		return &campaign.Local{Kit: kit, Workers: cores, Background: h.config.Mode == Run}
	}
	if q := h.config.Queue; q != nil {
		queue = func(int) campaign.Queue { return q }
	}
	return &idle.Config{Version: cmp.Or(h.config.Build, h.config.Version), Proposers: proposers.Names(), Queue: queue}
}
