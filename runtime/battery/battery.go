// Package battery says whether the computer runs on its battery.
package battery

import (
	"os"
	"path/filepath"
	"strings"
)

// Supplies is where Linux tells of batteries; elsewhere there is no such folder.
const Supplies = "/sys/class/power_supply"

// Discharging says whether a battery of the computer's own is being discharged, as far as
// the folder tells.
func Discharging(folder string) bool {
	read := func(supply, name string) string {
		text, _ := os.ReadFile(filepath.Join(folder, supply, name)) // none: it is not told
		return strings.TrimSpace(string(text))
	}
	supplies, _ := os.ReadDir(folder)
	for _, s := range supplies {
		if read(s.Name(), "type") == "Battery" && read(s.Name(), "scope") != "Device" && read(s.Name(), "status") == "Discharging" {
			return true
		}
	}
	return false
}
