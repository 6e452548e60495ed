package dap

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gvpie/runtime/debug"
)

// The branches of a run, in the console.

func (c console) branches(_ context.Context, _ []string) (string, error) {
	var out []string
	all := c.session.Branches()
	for i, b := range all {
		line := fmt.Sprintf("%d %s", i, b.Name)
		if b.From != nil {
			line += fmt.Sprintf(", left %s at %v", b.From.Name, b.At)
		}
		if b == c.session.Branch() {
			line += " (here)"
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n"), nil
}

// branch is the branch of a number.
func (c console) branch(words []string) (*debug.Branch, error) {
	all := c.session.Branches()
	if len(words) > 0 {
		if i, err := strconv.Atoi(words[0]); err == nil && i >= 0 && i < len(all) {
			return all[i], nil
		}
	}
	return nil, errors.New("say the number of a branch: .branches lists them")
}

func (c console) switchTo(ctx context.Context, words []string) (string, error) {
	b, err := c.branch(words)
	if err != nil {
		return "", err
	}
	if err := c.session.Switch(ctx, b); err != nil {
		return "", err
	}
	return b.Name + ": " + c.moved(), nil
}

func (c console) rename(_ context.Context, words []string) (string, error) {
	b, err := c.branch(words)
	if err != nil {
		return "", err
	}
	return "", c.session.Rename(b, strings.Join(words[1:], " "))
}

func (c console) remove(ctx context.Context, words []string) (string, error) {
	b, err := c.branch(words)
	if err != nil {
		return "", err
	}
	was := c.session.Branch()
	if err := c.session.Delete(ctx, b); err != nil {
		return "", err
	}
	if c.session.Branch() == was {
		return "", nil
	}
	return c.moved(), nil
}

func (c console) compare(ctx context.Context, words []string) (string, error) {
	a, err := c.branch(words)
	if err != nil {
		return "", err
	}
	b, err := c.branch(words[1:])
	if err != nil {
		return "", err
	}
	var p debug.Parting
	if len(words) > 2 {
		frame, err := strconv.Atoi(words[2])
		if err != nil || frame < c.session.FirstFrame() {
			return "", fmt.Errorf("%s is no frame of the run", words[2])
		}
		p, err = c.session.Compare(ctx, a, b, frame)
		if err != nil {
			return "", err
		}
	} else if p, err = c.session.Part(ctx, a, b); err != nil {
		return "", err
	}
	if len(p.Texels) == 0 {
		return fmt.Sprintf("the pictures are the same up to frame %d", p.Frame), nil
	}
	h, at := c.session.Assembly().Header, p.Texels[0]
	return fmt.Sprintf("frame %d: %s, the first %d, %d: %s and %s", p.Frame, differs(len(p.Texels)), at%h.W, at/h.W, h.TexelText(p.A[at]), h.TexelText(p.B[at])), nil
}

func differs(n int) string {
	if n == 1 {
		return "1 texel differs"
	}
	return fmt.Sprintf("%d texels differ", n)
}

func (c console) feed(ctx context.Context, words []string) (string, error) {
	if len(words) != 1 {
		return "", errors.New("say the file of the inputs")
	}
	in, err := c.Inputs(words[0])
	if err != nil {
		return "", err
	}
	if err := c.session.Feed(ctx, in.At); err != nil {
		return "", err
	}
	return c.session.Branch().Name + ": " + c.moved(), nil
}

func (c console) edit(ctx context.Context, words []string) (string, error) {
	path := cmp.Or(strings.Join(words, " "), c.launched.Program)
	if path == "" {
		return "", errors.New("say the file of the program")
	}
	a, err := c.Assemble(path)
	if err != nil {
		return "", err
	}
	if i := slices.IndexFunc(a.Diagnostics, isError); i >= 0 {
		return "", errors.New(a.Diagnostics[i].String())
	}
	resumed, err := c.session.Edit(ctx, a)
	if err != nil {
		return "", err
	}
	said := c.session.Branch().Name + ": " + c.moved()
	if !resumed {
		said += "; it starts from its top"
	}
	return said, nil
}
