// Package llm is the proposer that asks a language model, over Ollama's API or the one
// that OpenAI's, llama.cpp's and most other servers speak.
//
// A model is believed nothing: what it answers is a candidate like any other, and the
// cascade decides. An endpoint that hangs, is garbled, floods or lies costs its own call
// and no more: every call has a deadline for all of its answer, and a most of bytes and
// tokens. What was answered is kept on a tape, from which the same question is answered
// again, so that a search that asked a model can be repeated without it.
//
// Start reading at New, then Endpoint.ask.
package llm
