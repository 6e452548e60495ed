//go:build !race

package api

// slow is how many times as long things take under the race detector.
const slow = 1
