// Package recipes reads the commands of a task, such as the recipe of a Makefile, and finds the environments of
// the project that they use: those with the programs and packages that a package manager installs, node_modules
// and .venv.
//
// A command uses an environment if its program is one of the project's dependencies there (eslint, pytest), if
// it runs a script of the manifest (npm run), or if it is an interpreter that runs code of the project. That is
// read from manifests and lock files. What happens to be installed on the machine does not count, so a task has
// the same environments on all of them.
//
// A task that installs its dependencies itself, by npm ci or pip install, uses none that somebody else has to
// fill.
//
// The commands are read without a shell: variables are not expanded, and both branches of a condition count.
package recipes
