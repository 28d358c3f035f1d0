// Package deploy defines what an environment needs of whatever runs it: the roles of a backend.
//
// A backend observes, applies, keeps releases, locks, gets images and lets people look inside. Docker is one
// (runner/deploy/docker); the one in deploytest keeps everything in memory and passes the same suite of
// behaviour. A role has a few methods, names no type of an engine, and its errors carry a category
// (internal/fault): FailedPrecondition and Refused mean that nothing was changed.
//
// What not every backend can do is a capability, an interface of its own: whoever needs it asks for it with a
// type assertion, and says what is missing. The division follows Terraform's: observed state, desired state,
// a plan as data (package release), and an apply that takes a plan. What is decided about plans, releases and
// health is decided above, in cmd/internal/deploy.
package deploy
