// Package scaffold renders new projects from templates.
//
// A template is a folder with a folder for each version: 1, 2 and so on. A version has a template.toml, which asks
// questions, and the files of a project in files/. A file whose name ends in .tmpl is rendered, every other one is copied
// as it is, and names of files and folders are rendered too. Rendering is a pure function of a version and the answers:
// there are no hooks, and nothing of a template is ever run.
//
// A project remembers its template, the version and the answers in .davit/template.toml. Since a template keeps its
// earlier versions, the files that a project began with can be rendered again, and an upgrade is a three-way merge of
// them, of those of the newest version, and of what is in the project now.
package scaffold
