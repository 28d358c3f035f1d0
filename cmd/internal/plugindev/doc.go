// Package plugindev has the use cases of the author of a plugin: pack a manifest into a module, build a module from
// sources, ask a plugin about one project, compare its plans with golden files, and look for what is wrong with it.
//
// A plugin is asked as a project asks it: it is scanned first, and runs in a process of its own. No answer is
// memoised, so that what a command prints is what the plugin does now.
package plugindev

// Tools are the use cases. The zero value is ready for use.
type Tools struct{}
