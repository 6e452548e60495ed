package streams

import (
	"context"
	"io"
	"log/slog"
)

// A journalHandler writes log lines as systemd's journal takes them from a
// service's standard error: a priority first (sd-daemon(3)), and no time, which
// the journal notes itself.
type journalHandler struct{ failure, warning, notice slog.Handler }

// NewJournalHandler writes log lines to a service's standard error.
func NewJournalHandler(w io.Writer) slog.Handler {
	at := func(priority string) slog.Handler {
		return slog.NewTextHandler(prefixWriter{priority, w}, &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
			if len(groups) == 0 && (a.Key == slog.TimeKey || a.Key == slog.LevelKey) {
				return slog.Attr{}
			}
			return a
		}})
	}
	return journalHandler{at("<3>"), at("<4>"), at("<6>")}
}

// of is the handler of lines of a level.
func (j journalHandler) of(l slog.Level) slog.Handler {
	switch {
	case l >= slog.LevelError:
		return j.failure
	case l >= slog.LevelWarn:
		return j.warning
	}
	return j.notice
}

func (j journalHandler) Enabled(ctx context.Context, l slog.Level) bool {
	return j.of(l).Enabled(ctx, l)
}

func (j journalHandler) Handle(ctx context.Context, r slog.Record) error {
	return j.of(r.Level).Handle(ctx, r)
}

func (j journalHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return journalHandler{j.failure.WithAttrs(attrs), j.warning.WithAttrs(attrs), j.notice.WithAttrs(attrs)}
}

func (j journalHandler) WithGroup(name string) slog.Handler {
	return journalHandler{j.failure.WithGroup(name), j.warning.WithGroup(name), j.notice.WithGroup(name)}
}

// prefixWriter begins each line with a prefix. A line comes in one call.
type prefixWriter struct {
	prefix string
	to     io.Writer
}

func (p prefixWriter) Write(line []byte) (int, error) {
	if _, err := p.to.Write(append([]byte(p.prefix), line...)); err != nil {
		return 0, err
	}
	return len(line), nil
}
