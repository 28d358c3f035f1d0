// Package runner runs the steps of a plan as one graph, in parallel.
//
// A Graph is pure data, made and checked before anything starts. Run executes it with one Runner and reports
// everything as ui.Events. A Runner executes single steps; other behaviour is added by wrapping it:
//
//	router := runner.NewRouter(host.New(…), engine.Containers(…))
//	r := runner.Cached(runner.Masked(runner.Guarded(router, files), mask), files, store, …)
//	summary := runner.Run(ctx, graph, r, runner.Options{Jobs: 4, Events: display.Event})
//
// A Router sends each step to the host or to a container, and looks for an engine only if a step needs one.
// Guarded enforces effects: a step of effect "reads" that changed a tracked file fails. Masked hides the
// values of secrets. Cached is an action cache over a content-addressed store, as in Bazel: the key of a
// result is made of the command, the version of the tool, the declared environment, the contents of the
// inputs and the keys of the steps that it needs. It contains no absolute path, so checkouts of one project
// share results. A cached step prints nothing, since its old output would be taken for new.
//
// The rules of a run:
//
//   - Every Runner prepares for all steps before the first one starts. What is missing is reported then, by
//     an error of the category fault.FailedPrecondition, and nothing is run.
//   - A step starts when every step that it needs has succeeded, was cached or was skipped. If one of them
//     fails it is not run. Other steps go on, unless FailFast is set.
//   - A step of effect "writes" or "ships" runs alone: the steps before it in the graph end first, and those
//     behind it wait. So "davit format style" checks the formatted files.
//   - Interactive steps, and steps of effect "runs", start when nothing else is left to do. They own the
//     terminal. Several steps of effect "runs" share it instead, with prefixed output and no input, so that
//     two servers can run at once.
package runner
