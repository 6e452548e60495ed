package studio

import "gvpie/app/studio/notice"

// message is what a background goroutine leaves for the Model; apply runs on the
// window goroutine, inside Pump.
type message interface{ apply(*Model) }

// Notify shows a sentence.
func (m *Model) Notify(k notice.Kind, text string) { m.notices.Add(k, text, m.now()) }

// Notices lists what is to be shown, oldest first.
func (m *Model) Notices() []notice.Notice { return m.notices.All() }

// Dismiss takes a notice away.
func (m *Model) Dismiss(id int) { m.notices.Dismiss(id) }
