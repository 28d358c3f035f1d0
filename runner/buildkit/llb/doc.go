// Package llb turns the steps of a plan into LLB, the graph of operations that BuildKit solves. It is a pure function: no clock, no
// environment, no engine; the same steps give the same bytes.
package llb
