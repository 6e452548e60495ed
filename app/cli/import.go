package cli

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"

	"gvpie/runtime/pxl/picture"
	"gvpie/runtime/store"
)

var importCommand = command{
	name: "import", args: "[FLAGS] FOLDER | PICTURE [WxH]", summary: "Bring what an export holds into a data folder; or print a picture as source",
	help: `FOLDER is one that gvpie export wrote. In a data folder without a database it becomes
what was exported, row by row, and a second export is equal to the first. Into
another database it brings the rows that are not there yet, however often it is
called: a row that is equal in all but its id is there, and so are scripts, goals
and cartridges of the same name. A loop may run meanwhile. Rows of the map that
come so have no place in its chain; gvpie verify counts them apart.

A line that cannot be read is named and skipped, and the exit code is then 1.
Interrupted (exit code 130), it may be called again.

With --sprite NAME or --table NAME it reads a PICTURE (PNG, GIF or JPEG), as large as it
is or WxH texels, and prints its source: a .sprite with its .palette, of the sixteen
colours that are nearest where there are more; or a .table of its colours, NAME[x, y].
  gvpie import ship.png 16x16 --sprite ship >> game.pxl
`,
	setup: func(fs *flag.FlagSet) func(*invocation) error {
		data := addData(fs)
		var to pictureFlags
		fs.StringVar(&to.sprite, "sprite", "", "print a picture as a .sprite of this `NAME`")
		fs.StringVar(&to.table, "table", "", "print a picture as a .table of this `NAME`")
		fs.BoolVar(&to.dither, "dither", false, "of a sprite: mix the colours that its palette lacks from those it has")
		return func(c *invocation) error {
			if to != (pictureFlags{}) {
				return importPicture(c, to)
			}
			if len(c.args) > 0 && picture.Is(c.args[0]) {
				return usagef("%s is a picture: --sprite NAME prints it as a .sprite, --table NAME as a .table", c.args[0])
			}
			from, err := one(c.args, "FOLDER")
			if err != nil {
				return err
			}
			dir, err := c.dataDir(*data)
			if err != nil {
				return err
			}
			return importFolder(c, dir, from)
		}
	},
}

func importFolder(c *invocation, dir, from string) error {
	info, err := os.Stat(from)
	if err != nil {
		return onFile(from, err)
	}
	if !info.IsDir() {
		return fmt.Errorf("%s is a file: only the folder of an export, as gvpie export writes it, can be imported", from)
	}
	progress, end := c.progress()
	r, err := store.Import(c.ctx, dir, from, store.Options{Progress: progress})
	end()
	if err != nil {
		return err
	}
	var rows, refused int64
	for _, n := range r.Rows {
		rows += n
	}
	for _, n := range r.Refused {
		refused += n
	}
	c.printf("%s imported into %s\n", count(uint64(rows), "row"), dir)
	for _, table := range slices.Sorted(maps.Keys(r.Rows)) {
		c.printf("  %-20s %d\n", table, r.Rows[table])
	}
	if r.Known > 0 {
		c.printf("%s there already\n", count(uint64(r.Known), "row"))
	}
	for _, why := range r.Why {
		c.say("skipped: %s", why)
	}
	if refused == 0 {
		return nil
	}
	c.say("%s of the export could not be imported", count(uint64(refused), "row"))
	return errFailed
}
