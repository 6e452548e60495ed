package store

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"gvpie/runtime/store/improvement"
)

// A SettingSpec is a setting that means something: a row of settings with that key.
type SettingSpec struct {
	Name    string
	Default string // of a fresh database
	Means   string // one line for a person
	Counts  string // from when on a change does: "now", "the next cycle"
	// Check says what is wrong with a value: a sentence that goes on after the
	// value. Nil: nothing is.
	Check func(value string) error
}

// The names of the settings.
const (
	IntervalSetting     = "interval"
	ScriptsSetting      = "scripts_per_cycle"
	FramesSetting       = "script_frames"
	BackendSetting      = "backend"
	UnconfinedSetting   = "python_unconfined"
	WallSetting         = "python_wall_clock"
	RequireTokenSetting = "api_require_token"
	SnapshotsSetting    = "snapshots"
	SnapshotTimeSetting = "snapshot_interval"
	PicturesSetting     = "pictures_keep"
	AddrSetting         = "addr"
	AskToCloseSetting   = "ask_to_close"
	ApproveSetting      = "approve_offers"
	ImproveSetting      = "improve"
	ImproveShareSetting = "improve_share"
	ImproveOnBattery    = "improve_on_battery"
	ModelServerSetting  = "llm_server"
	ModelSetting        = "llm_model"
	ModelCallsSetting   = "llm_calls"
	ModelTokensSetting  = "llm_tokens"
)

// Where the API is answered.
const (
	DefaultAddr = "127.0.0.1:8081"
	NoAddr      = "none" // nowhere
)

// NoModel is the server by which no language model is asked.
const NoModel = "none"

// NoApproval is the rule by which no offer is approved by itself.
const NoApproval = "none"

// From when on a change of a setting counts.
const (
	now       = "now" // also for the sleep under way, within ten seconds
	nextCycle = "the next cycle"
	nextCall  = "the next call"
	nextStart = "the next start"
	nextOffer = "the next offer"
)

// SettingSpecs are all settings.
var SettingSpecs = []SettingSpec{
	{IntervalSetting, "10s", "time from one cycle's beginning to the next", now, span24(10 * time.Millisecond)},
	{ScriptsSetting, "3", "scripts that a cycle runs at most", nextCycle, numberFrom(1, 100)},
	{FramesSetting, "1", "frames that a pixel program is run for at most", nextCycle, numberFrom(1, 100_000)},
	{BackendSetting, "auto", "what programs run on: gpu, cpu or auto", nextCycle, oneOf("gpu", "cpu", "auto")},
	{UnconfinedSetting, "0", "1: python runs where it cannot be confined", nextCycle, oneOf("0", "1", "false", "true")},
	{WallSetting, "30s", "time that a python script may take", nextCycle, span24(time.Second)},
	{RequireTokenSetting, "0", "1: programs on this computer must show the API the token", nextCall, oneOf("0", "1", "false", "true")},
	{SnapshotsSetting, "3", "copies of the database that are kept, 0 to 3", nextCycle, oneOf("0", "1", "2", "3")},
	{SnapshotTimeSetting, "auto", "time between two of them; auto: an hour under 200 MB, else a day", nextCycle, autoOr(span24(snapshotLook))},
	{PicturesSetting, "10000", "newest pictures that stay files; of older ones those that replay makes again are dropped", nextCycle, numberFrom(0, 1_000_000_000)},
	{AskToCloseSetting, "1", "0: a window that the loop stops with closes without a question", nextCycle, oneOf("0", "1", "false", "true")},
	{ApproveSetting, NoApproval, "offers that are approved without a question, as cheaper:complete,cheaper:rule; none: all wait", nextOffer, approval},
	{ImproveSetting, "0", "1: idle time goes to improving the scripts; what is found is offered", now, oneOf("0", "1", "false", "true")},
	{ImproveShareSetting, "50", "percent of the cores that improving may use", now, numberFrom(1, 100)},
	{ImproveOnBattery, "0", "1: scripts are improved on battery too", now, oneOf("0", "1", "false", "true")},
	{ModelServerSetting, NoModel, "http://HOST:PORT of a language model's server (Ollama, or one that speaks OpenAI's API) that proposes better programs; none: no model is asked", nextStart, modelServer},
	{ModelSetting, "default", "the model's name there", nextStart, modelName},
	{ModelCallsSetting, "200", "times that the model is asked on one day at most", nextStart, numberFrom(1, 1_000_000)},
	{ModelTokensSetting, "400000", "tokens that the model may use on one day", nextStart, numberFrom(1, 1_000_000_000)},
	{AddrSetting, DefaultAddr, "HOST:PORT that the API is answered on; none: nowhere", nextStart, address},
}

// FindSetting gives a setting by its name.
func FindSetting(name string) (SettingSpec, bool) {
	i := slices.IndexFunc(SettingSpecs, func(s SettingSpec) bool { return s.Name == name })
	if i < 0 {
		return SettingSpec{}, false
	}
	return SettingSpecs[i], true
}

// SettingOn says whether the value of a setting that is a switch is on.
func SettingOn(value string) bool { return value == "1" || strings.EqualFold(value, "true") }

// address takes host:port, or none.
func address(value string) error {
	if value == NoAddr {
		return nil
	}
	_, port, err := net.SplitHostPort(value)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return fmt.Errorf("it is HOST:PORT, as %s, or %s", DefaultAddr, NoAddr)
	}
	return nil
}

// modelName takes a name.
func modelName(value string) error {
	if value == "" || len(value) > 200 || strings.ContainsAny(value, " \t\n") {
		return errors.New("it is a name of at most 200 bytes, without spaces")
	}
	return nil
}

// modelServer takes the address of a server, without a key in it.
func modelServer(value string) error {
	if value == NoModel {
		return nil
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return fmt.Errorf("it is as http://127.0.0.1:11434, without a key, or %s", NoModel)
	}
	return nil
}

// approval takes a rule by which offers are approved: claims, each with its evidence.
func approval(value string) error {
	if value == NoApproval {
		return nil
	}
	for pair := range strings.SplitSeq(value, ",") {
		claim, evidence, _ := strings.Cut(strings.TrimSpace(pair), ":")
		if evidence == "trial" {
			return errors.New("a trial proves nothing: such an offer waits for a person")
		}
		if !slices.Contains(improvement.Claims, claim) || !slices.Contains(improvement.Proven, evidence) {
			return fmt.Errorf("it is none, or pairs of cheaper, closer or passes and %s, as cheaper:complete,cheaper:rule", strings.Join(improvement.Proven, ", "))
		}
	}
	return nil
}

// ApprovedBy says whether an offer is approved by a rule, the value of ApproveSetting.
func ApprovedBy(rule string, o *Offer) bool {
	return approval(rule) == nil && slices.ContainsFunc(strings.Split(rule, ","), func(pair string) bool {
		return strings.TrimSpace(pair) == o.Claim+":"+o.Evidence
	})
}

// numberFrom takes a number from least to most.
func numberFrom(least, most int) func(string) error {
	return func(value string) error {
		if n, err := strconv.Atoi(value); err != nil || n < least || n > most {
			return fmt.Errorf("it is a number from %d to %d", least, most)
		}
		return nil
	}
}

// span24 takes a time from least to a day.
func span24(least time.Duration) func(string) error {
	return func(value string) error {
		if d, err := time.ParseDuration(value); err != nil || d < least || d > 24*time.Hour {
			return fmt.Errorf("it is a time from %s to 24h, as 10s or 2m", least)
		}
		return nil
	}
}

func autoOr(check func(string) error) func(string) error {
	return func(value string) error {
		if value == "auto" {
			return nil
		}
		if err := check(value); err != nil {
			return fmt.Errorf("%w, or auto", err)
		}
		return nil
	}
}

func oneOf(all ...string) func(string) error {
	return func(value string) error {
		if !slices.ContainsFunc(all, func(s string) bool { return strings.EqualFold(s, value) }) {
			return errors.New("it is " + strings.Join(all[:len(all)-1], ", ") + " or " + all[len(all)-1])
		}
		return nil
	}
}
