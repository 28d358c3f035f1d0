// Package runner runs the steps of a plan: one graph, in parallel, each step by whatever Runner stands for the place where
// steps run.
//
// A Graph is pure data, made and checked before anything starts. Run goes through it with one Runner and says what happens as
// ui.Events, and in no other way. A Runner knows how to do one step; how a run behaves beyond that is added by wrapping:
//
//	places := runner.Placed(host.New(…), engine.Containers(…))
//	r := runner.Cached(runner.Masked(runner.Guarded(places, files), mask), files, store, …)
//	summary := runner.Run(ctx, graph, r, runner.Options{Jobs: 4, Events: display.Event})
//
// The rules of a run:
//
//   - Every Runner is asked to Prepare for all the steps before the first one starts. What is missing is said then, by an
//     error with exit code 2, and nothing has been run.
//   - A step starts when all that it needs has succeeded, was cached or was not needed. When one of those fails it is not-run.
//     Other steps go on, unless FailFast.
//   - A step of effect "writes" runs alone: the steps before it in the graph end first, the ones behind it wait. So
//     "davit format style" checks what was formatted.
//   - Interactive steps, and steps of effect "runs", start when nothing else is left to do. They own the terminal; several of
//     effect "runs" share it instead, as prefixed output with no input, so that two servers can run at once.
//
// Each step says where it runs; Placed has that place do it, and finds no engine where no step needs one. Masked hides the values of
// secrets. Guarded keeps promises: a step of effect "reads" that changed a tracked file fails. Cached remembers successes: the key of a
// result is the command, the version of its tool, the environment that it declares, the contents of its inputs and the keys of
// the steps that it needs, and no absolute path, so that checkouts of one project share results. A cached step prints nothing:
// what it printed once would be taken for news.
package runner
