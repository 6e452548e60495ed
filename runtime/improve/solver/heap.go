package solver

// scoreHeap is a heap of variables, the highest score first; of equal ones the lower
// number, so that there is one order.
type scoreHeap struct {
	score []uint64
	heap  []int32
	at    []int32 // where a variable stands in heap, or -1
}

func (h *scoreHeap) init(n int) {
	h.score, h.heap, h.at = make([]uint64, n), make([]int32, n), make([]int32, n)
	for i := range h.heap {
		h.heap[i], h.at[i] = int32(i), int32(i)
	}
}

func (h *scoreHeap) before(a, b int32) bool {
	return h.score[a] > h.score[b] || h.score[a] == h.score[b] && a < b
}

func (h *scoreHeap) put(v int32) {
	if h.at[v] < 0 {
		h.at[v] = int32(len(h.heap))
		h.heap = append(h.heap, v)
		h.up(v)
	}
}

// up moves a variable, if it is there, to where its score belongs.
func (h *scoreHeap) up(v int32) {
	i := h.at[v]
	if i < 0 {
		return
	}
	for i > 0 {
		parent := (i - 1) / 2
		if !h.before(v, h.heap[parent]) {
			break
		}
		h.heap[i] = h.heap[parent]
		h.at[h.heap[i]] = i
		i = parent
	}
	h.heap[i], h.at[v] = v, i
}

func (h *scoreHeap) down(i int32) {
	v := h.heap[i]
	for {
		child := 2*i + 1
		if int(child) >= len(h.heap) {
			break
		}
		if int(child)+1 < len(h.heap) && h.before(h.heap[child+1], h.heap[child]) {
			child++
		}
		if !h.before(h.heap[child], v) {
			break
		}
		h.heap[i] = h.heap[child]
		h.at[h.heap[i]] = i
		i = child
	}
	h.heap[i], h.at[v] = v, i
}

// rebuild puts all in order after many scores changed.
func (h *scoreHeap) rebuild() {
	for i := int32(len(h.heap)) / 2; i >= 0; i-- {
		if int(i) < len(h.heap) {
			h.down(i)
		}
	}
}

// take takes the first; -1: there is none.
func (h *scoreHeap) take() int32 {
	if len(h.heap) == 0 {
		return -1
	}
	v := h.heap[0]
	last := h.heap[len(h.heap)-1]
	h.heap = h.heap[:len(h.heap)-1]
	h.at[v] = -1
	if len(h.heap) > 0 {
		h.heap[0] = last
		h.down(0)
	}
	return v
}
