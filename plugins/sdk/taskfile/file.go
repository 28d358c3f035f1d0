// Package taskfile is for plugins that read task files, in which a project itself defines its targets: it makes a plan of
// what such files offer. It knows no format of a file.
//
// A target of a task file always runs, since only its tool knows whether it has to. What its commands use of the project,
// such as node_modules, is read from their text. A target that calls davit for itself is refused by its reader, which has
// FindRecursion for that.
package taskfile

// The Files are those of a project. sdk.Project implements them.
type Files interface {
	Read(name string) (text string, ok bool)
	List(dir string) []string
}

// A File is one parsed task file.
type File struct {
	Name   string  // "Makefile"
	Tool   string  // the name of the tool that runs it: "make"
	Offers []Offer // in the order of the file
	Notes  []string
}
