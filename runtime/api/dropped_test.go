package api

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/agent"
	"gvpie/runtime/store"
)

func TestADroppedPictureIsMadeAgainOrSaidToBeAnother(t *testing.T) {
	c := withStore(t)
	if err := agent.New(agent.Config{Store: c.Store, Data: c.Store.Dir(), Cycles: 1, Interval: time.Hour}).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, seeded := seed(t, c.Store) // of which no picture is what its code makes
	runs, err := c.Store.RunList(t.Context(), store.Page{})
	if err != nil || len(runs) != 2 || runs[0].ID != seeded {
		t.Fatal(runs, err)
	}
	d := open(t, c)
	for _, name := range []string{"human.png", "machine.png"} {
		_, before := d.do("GET", "/api/runs/1/"+name, nil)
		for _, r := range runs {
			hash := r.HumanPNG
			if name == "machine.png" {
				hash = r.MachinePNG
			}
			if err := os.Remove(c.Store.PicturePath(hash)); err != nil {
				t.Fatal(err)
			}
		}
		if res, b := d.do("GET", "/api/runs/1/"+name, nil); res.StatusCode != 200 || !bytes.Equal(b, before) || res.Header.Get("Picture") != "made again by replay" {
			t.Errorf("%s: %s %v, %d bytes", name, res.Status, res.Header, len(b))
		}
		if v := d.want(409, "GET", "/api/runs/2/"+name, nil); !strings.Contains(v["error"].(string), "could not be made again by replaying run 2: ") {
			t.Errorf("%s: %v", name, v)
		}
		if name == "human.png" { // for the page, of the newest run that has one
			if res, b := d.do("GET", "/api/canvas/human.png", nil); res.StatusCode != 200 || !bytes.Equal(b, before) {
				t.Errorf("the canvas: %s", res.Status)
			}
		}
	}
}
