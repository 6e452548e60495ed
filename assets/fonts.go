package assets

import (
	_ "embed"
)

// Font is one face as its OpenType file. Inter is for the interface, JetBrains
// Mono for code and values; both are under the SIL Open Font License, which is
// beside them.
type Font struct {
	Name string // the PostScript name: "Inter-Regular"
	Data []byte // never modified
}

// Fonts lists the faces, each family's regular one first.
func Fonts() []Font {
	return []Font{
		{"Inter-Regular", interRegular},
		{"Inter-Medium", interMedium},
		{"Inter-SemiBold", interSemiBold},
		{"JetBrainsMono-Regular", monoRegular},
		{"JetBrainsMono-Bold", monoBold},
		{"JetBrainsMono-Italic", monoItalic},
	}
}

var (
	//go:embed fonts/inter/Inter-Regular.otf
	interRegular []byte
	//go:embed fonts/inter/Inter-Medium.otf
	interMedium []byte
	//go:embed fonts/inter/Inter-SemiBold.otf
	interSemiBold []byte
	//go:embed fonts/jetbrains-mono/JetBrainsMono-Regular.ttf
	monoRegular []byte
	//go:embed fonts/jetbrains-mono/JetBrainsMono-Bold.ttf
	monoBold []byte
	//go:embed fonts/jetbrains-mono/JetBrainsMono-Italic.ttf
	monoItalic []byte
)
