//go:build nofleet

package cli

import (
	"errors"
	"flag"

	"gvpie/runtime/improve/campaign"
)

// errNoFleet is what a build without the fleet says of it.
var errNoFleet = errors.New("this gvpie was built without the fleet; one that is built without the tag nofleet has it")

var fleetCommand = command{
	name: "fleet", args: "serve | work | status", summary: "Have several machines improve programs together (not in this build)",
	setup: func(*flag.FlagSet) func(*invocation) error {
		return func(*invocation) error { return errNoFleet }
	},
}

func fleetQueue(*invocation, fleetFlags, string) (campaign.Queue, func(), error) {
	return nil, nil, errNoFleet
}
