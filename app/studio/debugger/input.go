package debugger

import (
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
// changes an input to it, but for the wheel, which is turned in one frame alone.
func readInput(text string) (give func(*machine.Input), turned int32, err error) {
	words := strings.Fields(text)
	var to []func(*machine.Input)
	for i := 0; i < len(words); i++ {
		name := words[i]
		if name == "keys" {
			keys, err := readKeys(words[i+1:])
			if err != nil {
				return nil, 0, err
			}
			to = append(to, func(in *machine.Input) { in.Keys = keys })
			break
		}
		set, known := inputs[name]
		if !known {
			return nil, 0, fmt.Errorf("%s is no input: there are mx, my, mb, mw, and keys behind them", name)
		}
		if i++; i == len(words) {
			return nil, 0, fmt.Errorf("%s needs a number behind it", name)
		}
		v, err := strconv.ParseInt(words[i], 0, 32)
		if err != nil {
			return nil, 0, fmt.Errorf("%s needs a number behind it, not %s", name, words[i])
		}
		if set == nil {
			turned = int32(v)
			continue
		}
		to = append(to, func(in *machine.Input) { set(in, int32(v)) })
	}
	if len(to) == 0 && turned == 0 {
		return nil, 0, fmt.Errorf("say what is other: mx 12 my 40 mb 1 keys A")
	}
	return func(in *machine.Input) {
		for _, set := range to {
			set(in)
		}
	}, turned, nil
}

// inputs are what a number is given to; nil: the wheel.
var inputs = map[string]func(in *machine.Input, v int32){
	"mx": func(in *machine.Input, v int32) { in.MouseX = v },
	"my": func(in *machine.Input, v int32) { in.MouseY = v },
	"mb": func(in *machine.Input, v int32) { in.Buttons = v },
	"mw": nil,
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
