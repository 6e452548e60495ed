package host

import (
	"context"
	"crypto/rand"
	"log/slog"
	"sync"
	"time"

	"gvpie/runtime/api"
	"gvpie/runtime/store"
)

// A tokenSetting is the setting that has callers of the API show the token. It is read
// for each call, so that a change counts at once.
type tokenSetting struct {
	store *store.Store
	dir   string
	log   *slog.Logger

	mu    sync.Mutex
	token string // as it was given last
}

// settingPatience is how long a call waits for the setting. Then it is as it was.
const settingPatience = time.Second

// now is the token that must be shown; "" for none. A token that cannot be read lets
// nobody in.
func (t *tokenSetting) now(ctx context.Context) string {
	ctx, done := context.WithTimeout(ctx, settingPatience)
	defer done()
	value, err := t.store.Setting(ctx, store.RequireTokenSetting, "0")
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case err != nil:
	case !store.SettingOn(value):
		t.token = ""
	case t.token == "":
		if t.token, err = api.LoadToken(t.dir); err != nil {
			t.log.Error("the API lets nobody in", "err", err)
			return rand.Text()
		}
	}
	return t.token
}
