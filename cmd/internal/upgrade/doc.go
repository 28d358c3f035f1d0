// Package upgrade moves a project to newer versions, one subject after the other: its template, its convention, plugins,
// images, tools and dependencies.
//
// A subject proposes what it would move, which changes nothing. What becomes of the files is shown, and asked about; a
// subject that only a command can move is moved first, and shown then. A subject that is not wanted, that fails, or with
// which the project fails its check, is taken back: files are as they were before, with what was not committed. For that,
// the contents of files that the commit does not have are copied first. The copies outlive davit: the next upgrade takes
// back what davit itself has left half written, and says what else an interrupted one has changed.
//
// Ignored files, environments, and what a command does outside of the repository are not taken back.
package upgrade
