package api

import (
	"os"
	"testing"

	"gvpie/runtime/store"
)

func TestTheStatusSaysHowFarASalvageIs(t *testing.T) {
	c := withStore(t)
	if v := open(t, c).want(200, "GET", "/status", nil); v["salvage"] != nil {
		t.Errorf("of a database that never was damaged: %v", v["salvage"])
	}
	dir, path := c.Store.Dir(), c.Store.Path()
	if err := c.Store.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(path, append(make([]byte, 100), b[100:]...), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	var opened store.Opened
	if c.Store, opened, err = store.Open(t.Context(), dir, store.Options{}); err != nil {
		t.Fatal(err)
	}
	defer c.Store.Close()
	v, _ := open(t, c).want(200, "GET", "/status", nil)["salvage"].(m)
	rows, _ := v["rows"].(m)
	if v["path"] != opened.Quarantined || v["percent"] != 0.0 || v["finished_at"] != nil || rows["improvement_scripts"] != 1.0 {
		t.Errorf("%v", v)
	}
}
