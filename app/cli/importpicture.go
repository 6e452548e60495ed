package cli

import (
	"fmt"
	"strconv"
	"strings"

	"gvpie/runtime/pxl/picture"
)

// pictureFlags say what import makes of a picture.
type pictureFlags struct {
	sprite, table string
	dither        bool
}

// importPicture prints a picture as source.
func importPicture(c *invocation, to pictureFlags) error {
	switch {
	case to.sprite != "" && to.table != "":
		return usagef("a picture becomes a .sprite or a .table: --sprite or --table")
	case to.sprite == "" && to.dither:
		return usagef("--dither is of a sprite: --sprite NAME")
	case len(c.args) == 0:
		return usagef("which picture?")
	case len(c.args) > 2:
		return usagef("a picture and its size, not %q as well", c.args[2])
	}
	o := picture.Options{Name: to.sprite + to.table, Dither: to.dither}
	if len(c.args) == 2 {
		var err error
		if o.W, o.H, err = parseSize(c.args[1]); err != nil {
			return err
		}
	}
	img, err := picture.Load(c.args[0])
	if err != nil {
		return onFile(c.args[0], err)
	}
	write := picture.Sprite
	if to.table != "" {
		write = picture.Table
	}
	source, err := write(img, o)
	if err != nil {
		return fmt.Errorf("%s: %w", c.args[0], err)
	}
	c.printf("%s", source)
	return nil
}

// parseSize reads WxH.
func parseSize(s string) (w, h int, err error) {
	a, b, ok := strings.Cut(strings.ToLower(s), "x")
	if ok {
		w, err = strconv.Atoi(a)
	}
	if ok && err == nil {
		h, err = strconv.Atoi(b)
	}
	if !ok || err != nil || w < 1 || h < 1 {
		return 0, 0, usagef("%q is no size: write it as 16x16", s)
	}
	return w, h, nil
}
