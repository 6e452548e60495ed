package portal

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/godbus/dbus/v5"
)

// ErrDeclined is returned when the person chose no file.
var ErrDeclined = errors.New("no file was chosen")

// Filter is what a dialog shows of a folder.
type Filter struct {
	Name     string   // as the dialog lists it
	Patterns []string // "*.pxl"
}

// Dialog says what a dialog for one file is to be like.
type Dialog struct {
	Parent  string // the window it belongs to: "x11:" and its number in hexadecimal; "": none
	Title   string
	Folder  string // where it begins; "": where the desktop likes
	Name    string // of the file to save
	Filters []Filter
}

// OpenFile asks for a file that is there, and gives its path.
func OpenFile(ctx context.Context, d Dialog) (string, error) { return d.ask(ctx, "OpenFile") }

// SaveFile asks where to write a file, and gives the path. The desktop asks before it
// gives that of a file that is there.
func SaveFile(ctx context.Context, d Dialog) (string, error) { return d.ask(ctx, "SaveFile") }

func (d Dialog) ask(ctx context.Context, method string) (string, error) {
	c, signals, err := connect(ctx)
	if err != nil {
		return "", err
	}
	defer c.Close()
	// The answer may come before the call returns: the token tells its object.
	token := "gvpie" + rand.Text()
	sender := strings.ReplaceAll(strings.TrimPrefix(c.Names()[0], ":"), ".", "_")
	request := object + "/request/" + dbus.ObjectPath(sender+"/"+token)
	if err := c.AddMatchSignalContext(ctx, dbus.WithMatchObjectPath(request), dbus.WithMatchInterface(requestInterface)); err != nil {
		return "", err
	}
	var given dbus.ObjectPath
	err = c.Object(busName, object).CallWithContext(ctx, chooserInterface+"."+method, 0, d.Parent, d.Title, d.options(token)).Store(&given)
	if err != nil {
		return "", err
	}
	if given != request { // a portal of before 2018
		if err := c.AddMatchSignalContext(ctx, dbus.WithMatchObjectPath(given), dbus.WithMatchInterface(requestInterface)); err != nil {
			return "", err
		}
	}
	for s := range signals {
		if s.Name == requestInterface+".Response" && (s.Path == request || s.Path == given) {
			return chosen(s.Body)
		}
	}
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	return "", errors.New("the session's message bus (D-Bus) has ended")
}

// options are those of the dialog, as the portal wants them.
func (d Dialog) options(token string) map[string]dbus.Variant {
	options := map[string]dbus.Variant{"handle_token": dbus.MakeVariant(token), "modal": dbus.MakeVariant(true)}
	if d.Folder != "" {
		options["current_folder"] = dbus.MakeVariant(append([]byte(d.Folder), 0))
	}
	if d.Name != "" {
		options["current_name"] = dbus.MakeVariant(d.Name)
	}
	type pattern struct {
		Kind    uint32 // 0: a glob
		Pattern string
	}
	type filter struct {
		Name     string
		Patterns []pattern
	}
	var filters []filter
	for _, f := range d.Filters {
		shown := filter{Name: f.Name}
		for _, glob := range f.Patterns {
			shown.Patterns = append(shown.Patterns, pattern{0, glob})
		}
		filters = append(filters, shown)
	}
	if filters != nil {
		options["filters"] = dbus.MakeVariant(filters)
		options["current_filter"] = dbus.MakeVariant(filters[0])
	}
	return options
}

// chosen is the path in a dialog's answer.
func chosen(response []any) (string, error) {
	var code uint32
	var results map[string]dbus.Variant
	if err := dbus.Store(response, &code, &results); err != nil {
		return "", fmt.Errorf("an answer of another form: %w", err)
	}
	if code != 0 {
		return "", ErrDeclined
	}
	uris, _ := results["uris"].Value().([]string)
	if len(uris) == 0 {
		return "", ErrDeclined
	}
	u, err := url.Parse(uris[0])
	if err != nil || u.Scheme != "file" || u.Path == "" {
		return "", fmt.Errorf("%s is not on this computer's disks", uris[0])
	}
	return u.Path, nil
}
