package battery

import (
	"os"
	"path/filepath"
	"testing"
)

func TestABatteryThatIsUsedIsSeen(t *testing.T) {
	dir := t.TempDir()
	supply := func(name string, says map[string]string) {
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
		for file, text := range says {
			if err := os.WriteFile(filepath.Join(dir, name, file), []byte(text+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if Discharging(filepath.Join(dir, "none")) {
		t.Error("a computer that tells nothing is on battery")
	}
	supply("AC", map[string]string{"type": "Mains", "online": "1"})
	supply("mouse", map[string]string{"type": "Battery", "scope": "Device", "status": "Discharging"})
	supply("BAT0", map[string]string{"type": "Battery", "status": "Charging"})
	if Discharging(dir) {
		t.Error("one that is plugged in is on battery")
	}
	supply("BAT1", map[string]string{"type": "Battery", "status": "Discharging"})
	if !Discharging(dir) {
		t.Error("one whose battery is used is not on battery")
	}
}
