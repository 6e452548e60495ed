package studio

import "gvpie/runtime/record"

// suspended keeps the machines of documents that are not in front, so that each
// goes on where it was. What they take together is bounded: when it is too much,
// those that were left longest ago are dropped, and their programs begin anew.
type suspended struct {
	runs map[int]execution // by document
	most int               // bytes
	left int               // counts those that were put
}

// maxSuspended is how many bytes the suspended machines may take: some thirty of
// 512 × 512 cells, thousands of the usual size.
const maxSuspended = 96 << 20

// maxPast is what the past of a suspended machine may take of that, so that it is not for
// its past that one is dropped.
const maxPast = 4 << 20

// droppedNote is the first log line of a program that begins anew because its
// machine was dropped.
const droppedNote = "This program begins anew: its machine made way for those of documents that were in front later."

// put keeps a document's machine.
func (s *suspended) put(r execution) {
	s.left++
	r.left = s.left
	if r.past != nil {
		r.past.Limit(maxPast)
	}
	s.runs[r.doc] = r
	for s.size() > s.most && s.drop(r.doc) {
	}
}

// drop drops the machine that was left longest ago, but never that of a document.
func (s *suspended) drop(spared int) bool {
	oldest := 0
	for doc, r := range s.runs {
		if doc != spared && r.snap != nil && (oldest == 0 || r.left < s.runs[oldest].left) {
			oldest = doc
		}
	}
	if oldest == 0 {
		return false
	}
	s.runs[oldest] = execution{doc: oldest, dropped: true}
	return true
}

// take gives a document's machine back; that of a document that has none is zero.
func (s *suspended) take(doc int) execution {
	r := s.runs[doc]
	delete(s.runs, doc)
	if r.past != nil {
		r.past.Limit(record.DefaultMemory)
	}
	return r
}

// forget drops what is kept of a document that is no more.
func (s *suspended) forget(doc int) { delete(s.runs, doc) }

// size is how many bytes the machines take, with what their programs logged.
func (s *suspended) size() (n int) {
	for _, r := range s.runs {
		n += r.size()
	}
	return n
}

func (r *execution) size() (n int) {
	const entry = 48 // bytes of a line beside its text
	if r.past != nil {
		n = r.past.Bytes()
	}
	if s := r.snap; s != nil {
		n += 4 * (len(s.Program) + len(s.Display) + len(s.Writer) + len(s.Data) + len(s.State))
	}
	for i := range r.log {
		n += entry + len(r.log[i].Text)
	}
	for i := range r.report.Log {
		n += entry + len(r.report.Log[i].Text)
	}
	return n
}
