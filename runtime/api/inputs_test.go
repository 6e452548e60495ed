package api

import (
	"strings"
	"testing"
)

func TestARunIsGivenMouseWheelAndKeys(t *testing.T) {
	d := open(t, testConfig())
	source := "loop:\nLOG {mx} {my} {mb} {mbp} {mw} {key(65)} {keyp(65)}\nFRAME\nJMP loop\n"
	v := d.want(200, "POST", "/api/pixel/run", m{"source": source, "frames": 4, "inputs": []m{
		{"frame": 1, "mx": 3, "my": -4, "mb": 1, "mw": 2, "keys": []int{65}},
		{"frame": 3.0, "mb": 3, "keys": []int{}},
	}})
	if want := "0 0 0 0 0 0 0\n3 -4 1 1 2 1 1\n3 -4 1 0 0 1 0\n3 -4 3 2 0 0 0"; v["log"] != want {
		t.Errorf("logged\n%v\nnot\n%s", v["log"], want)
	}
	for want, inputs := range map[string][]m{
		"inputs[0]: frame is missing":                      {{"mx": 3}},
		"inputs[1]: frame 0 comes after frame 0":           {{"frame": 0}, {"frame": 0}},
		"inputs[0].frame is -1; it may be 0 to 3599":       {{"frame": -1}},
		"inputs[0].mw is 4294967296":                       {{"frame": 0, "mw": 1 << 32}},
		"a key of inputs[0] is 256; it may be 0 to 255":    {{"frame": 0, "keys": []int{256}}},
		"inputs has 3601 objects; a run has at most 3600 ": make([]m, maxFrames+1),
	} {
		v := d.want(422, "POST", "/api/pixel/run", m{"source": source, "inputs": inputs})
		if text, _ := v["error"].(string); !strings.HasPrefix(text, want) {
			t.Errorf("%v, not %s", v["error"], want)
		}
	}
}
