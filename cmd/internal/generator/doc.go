// Package generator writes new projects from templates, and upgrades projects to newer versions of their templates.
//
// What is written is decided first, as data that can be shown; then it is written. Nothing of a template is run, and
// nothing is written outside of the folder of the project, whatever links are in it.
package generator
