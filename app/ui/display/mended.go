package display

// Mended says whether this program was built with the mends of app/ui/display/mend
// over its toolkit, which the Makefile does. They put true in the place of false.
const Mended = false
