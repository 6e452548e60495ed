package kit

// States keeps one widget's state for each row of a list. A state never moves
// once made: input finds its widget by address.
type States[T any] struct{ all []*T }

// At gives row i's state, made when it is first asked for.
func (s *States[T]) At(i int) *T {
	for len(s.all) <= i {
		s.all = append(s.all, new(T))
	}
	return s.all[i]
}
