package watch

import (
	"os"
	"path/filepath"
	"strings"
)

// maxLinks is how many symbolic links a path may lead over, as in Linux.
const maxLinks = 40

// A component is a name in a directory, where something happening changes what a
// path means. dir is free of symbolic links.
type component struct{ dir, name string }

func (s component) path() string { return filepath.Join(s.dir, s.name) }

// A route is every component at which a path can come to mean another file: each
// symbolic link on the way, and at the end the file itself, or the first part
// of the path that is not there.
type route []component

// trace finds the route of an absolute path as it is now.
func trace(path string) route {
	root := filepath.VolumeName(path) + string(filepath.Separator)
	at, rest := root, split(strings.TrimPrefix(path, root))
	var way route
	for links := 0; len(rest) > 0; {
		name := rest[0]
		rest = rest[1:]
		if name == ".." {
			at = filepath.Dir(at)
			continue
		}
		s := component{at, name}
		info, err := os.Lstat(s.path())
		switch {
		case err != nil || len(rest) == 0 && info.Mode()&os.ModeSymlink == 0:
			return append(way, s)
		case info.Mode()&os.ModeSymlink == 0:
			at = s.path()
			continue
		}
		way = append(way, s)
		to, err := os.Readlink(s.path())
		if links++; err != nil || links > maxLinks {
			return way
		}
		if filepath.IsAbs(to) {
			root := filepath.VolumeName(to) + string(filepath.Separator)
			at, to = root, strings.TrimPrefix(to, root)
		}
		rest = append(split(to), rest...)
	}
	return way
}

func split(path string) []string {
	return strings.FieldsFunc(filepath.ToSlash(path), func(r rune) bool { return r == '/' })
}
