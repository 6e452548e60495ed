package ui

import (
	"gvpie/app/studio"
	"gvpie/app/studio/notice"
	"gvpie/runtime/engine"
)

// gpuWatch tells when the GPU worker stops, and when it is back.
type gpuWatch struct {
	model  *studio.Model
	notice int  // that the worker has stopped; 0 while it has not
	told   bool // that there is no GPU
}

func (g *gpuWatch) update() {
	st := g.model.GPU()
	down := st.State == engine.Lost || st.State == engine.Starting && st.Reason != ""
	if st.State == engine.Unavailable && !g.told {
		g.told = true
		g.model.Notify(notice.Warning, noGPU+st.Reason)
	}
	switch {
	case down && g.notice == 0:
		g.model.Notify(notice.Warning, "The GPU worker stopped. Running on the CPU while it restarts…")
		n := g.model.Notices()
		g.notice = n[len(n)-1].ID
	case !down && g.notice != 0:
		g.model.Dismiss(g.notice)
		g.notice = 0
		if st.State == engine.Ready {
			g.model.Notify(notice.Done, "The GPU worker stopped and is running again")
		}
	}
}

// noGPU comes before the reason why there is none.
const noGPU = "There is no GPU to be had, so programs run on the CPU: "

// gpuMissing says why there is no GPU to somebody who asked for it.
func gpuMissing(m *studio.Model) (string, bool) {
	if m.Backend() != engine.OnGPU {
		return "", false
	}
	switch st := m.GPU(); st.State {
	case engine.Unavailable:
		return noGPU + st.Reason, true
	case engine.Off:
		return "The GPU is off, so programs run on the CPU: " + st.Reason, true
	}
	return "", false
}

// gpuNote is why there is no GPU, in a few words.
func gpuNote(m *studio.Model) string {
	switch m.GPU().State {
	case engine.Off:
		return "off"
	case engine.Unavailable:
		return "not available"
	case engine.Lost:
		return "restarting"
	case engine.Starting:
		return "starting"
	}
	return ""
}
