package stack

import (
	"path"
	"slices"
	"strings"
)

// JVMTests returns the folders of a project that have sources of tests where Maven and Gradle look for them: in src/test.
func JVMTests(u *Unit, dirs []string) (found []string) {
	budget := maxTestFolders
	for _, dir := range dirs {
		for _, language := range []string{"java", "kotlin", "groovy", "scala"} {
			if !slices.Contains(found, dir) && hasSource(u, path.Join(dir, "src/test", language), &budget) {
				found = append(found, dir)
			}
		}
	}
	return found
}

// maxTestFolders is how many folders are read to find sources of tests.
const maxTestFolders = 2000

// hasSource reports whether a folder, or one below it, has a source other than what describes its package.
func hasSource(u *Unit, dir string, budget *int) bool {
	if *budget--; *budget < 0 {
		return false
	}
	names := u.List(dir)
	return slices.ContainsFunc(names, isSource) || slices.ContainsFunc(names, func(name string) bool {
		return strings.HasSuffix(name, "/") && hasSource(u, path.Join(dir, name), budget)
	})
}

func isSource(name string) bool {
	return slices.Contains([]string{".java", ".kt", ".groovy", ".scala"}, path.Ext(name)) &&
		name != "package-info.java" && name != "module-info.java"
}
