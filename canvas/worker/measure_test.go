package worker

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

func TestTheMeasuringProcessSaysWhatItCouldNot(t *testing.T) {
	for _, request := range []string{"nonsense", `{"Program": [1, 2, 3], "Kernel": "", "Rounds": 1}`} {
		var out bytes.Buffer
		if code := measureStdio(strings.NewReader(request), &out); code != 0 {
			t.Errorf("exit code %d", code)
		}
		var reply measureReply
		if err := json.Unmarshal(out.Bytes(), &reply); err != nil || reply.Failed == "" || reply.Ours != nil {
			t.Errorf("to %q it answers %s, %v", request, out.String(), err)
		}
	}
	t.Setenv("GVPIE_GPU", "off")
	if _, err := Compare(t.Context(), nil, "", 1); err == nil || !strings.Contains(err.Error(), "GVPIE_GPU=off") {
		t.Error(err)
	}
}
