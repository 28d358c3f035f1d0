// Package deploy holds the use cases of environments: plan a deploy, carry it out, return from one that
// fails, roll back, heal, inspect.
//
// The order is Terraform's. Three models are compared: desired (the Compose files with every image by its
// digest), applied (the last healthy release) and observed. The comparison is a plan, pure data that is
// shown, confirmed, saved and carried out. A deploy takes the lock of the environment, records a pending
// release, applies the plan, runs the verify targets, checks what the backend says, and records how it ended;
// whatever fails on the way leads back to the last healthy release.
//
// What runs an environment is a deploy.Backend (runner/deploy). What this package needs of the project is two
// interfaces: a Builder, which builds images where an environment runs, and a Verifier, which runs targets.
// So all of it is tested in memory, without an engine.
package deploy
