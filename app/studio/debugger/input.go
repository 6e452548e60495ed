package debugger

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"gvpie/runtime/machine"
)

// readInput reads what a branch is given in place of what the run was, as
//
//	mx 12 my 40 mb 1 mw -1 keys A 37
//
// Names are those of the language; keys are all that are held, as characters or codes. give
// changes an input to it; first says that it is that of the branch's first frame: the wheel
// is turned in that alone.
func readInput(text string) (give func(in *machine.Input, first bool), err error) {
	words := strings.Fields(text)
	var to []func(in *machine.Input, first bool)
	for i := 0; i < len(words); i++ {
		name := words[i]
		if name == "keys" {
			keys, err := readKeys(words[i+1:])
			if err != nil {
				return nil, err
			}
			to = append(to, func(in *machine.Input, _ bool) { in.Keys = keys })
			break
		}
		set, known := inputs[name]
		if !known {
			return nil, fmt.Errorf("%s is no input: there are mx, my, mb, mw, and keys behind them", name)
		}
		if i++; i == len(words) {
			return nil, fmt.Errorf("%s needs a number behind it", name)
		}
		v, err := strconv.ParseInt(words[i], 0, 32)
		if err != nil {
			return nil, fmt.Errorf("%s needs a number behind it, not %s", name, words[i])
		}
		to = append(to, func(in *machine.Input, first bool) { set(in, int32(v), first) })
	}
	if len(to) == 0 {
		return nil, errors.New("say what is other: mx 12 my 40 mb 1 keys A")
	}
	return func(in *machine.Input, first bool) {
		for _, set := range to {
			set(in, first)
		}
	}, nil
}

// inputs are what a number is given to.
var inputs = map[string]func(in *machine.Input, v int32, first bool){
	"mx": func(in *machine.Input, v int32, _ bool) { in.MouseX = v },
	"my": func(in *machine.Input, v int32, _ bool) { in.MouseY = v },
	"mb": func(in *machine.Input, v int32, _ bool) { in.Buttons = v },
	"mw": func(in *machine.Input, v int32, first bool) {
		if in.Wheel = 0; first {
			in.Wheel = v
		}
	},
}

// readKeys reads which keys are held.
func readKeys(words []string) (keys [8]uint32, err error) {
	for _, w := range words {
		code, err := strconv.Atoi(w)
		if r := []rune(strings.ToUpper(w)); len(r) == 1 && (r[0] < '0' || r[0] > '9') {
			code, err = int(r[0]), nil
		}
		if err != nil || code < 0 || code > 255 {
			return keys, fmt.Errorf("%s is no key: say a character, or a code from 0 to 255", w)
		}
		keys[code>>5] |= 1 << (code & 31)
	}
	return keys, nil
}
