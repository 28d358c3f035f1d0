// Package deploy defines the roles of a backend: what an environment needs of the engine that runs it.
//
// A backend observes, applies, keeps releases, locks, gets images and lets people look inside. Docker is one
// (runner/deploy/docker); the one in deploytest keeps everything in memory and passes the same suite of
// behaviour. A role has a few methods, names no type of an engine, and its errors carry a category
// (internal/fault): FailedPrecondition and Refused mean that nothing was changed.
//
// A role that not every backend can play is a capability, an interface of its own: the caller asks for it
// with a type assertion, and says what is missing. The division follows Terraform's: observed state, desired
// state, a plan as data (package release), and an apply that takes a plan. The decisions about plans,
// releases and health are made above, in cmd/internal/deploy.
package deploy
