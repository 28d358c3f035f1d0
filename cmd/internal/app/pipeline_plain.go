package app

import (
	"slices"

	"github.com/davit-dev/davit/templates/pipeline"
)

// plainTools returns tools without the files and commands that a CI system, or a shell there, would read as something else.
func (b *pipelineBuilder) plainTools(tools []pipeline.Tool) []pipeline.Tool {
	for i, t := range tools {
		if !pipeline.Plain(t.File) {
			b.noteName(t.File)
			tools[i].File = ""
		}
		if !pipeline.Plain(t.Install) {
			tools[i].Install = ""
		}
	}
	return tools
}

// plainCaches is plainTools for the lock files of caches.
func (b *pipelineBuilder) plainCaches(caches []pipeline.Cache) []pipeline.Cache {
	for i, c := range caches {
		caches[i].Locks = slices.DeleteFunc(c.Locks, func(file string) bool {
			plain := pipeline.Plain(file)
			if !plain {
				b.noteName(file)
			}
			return !plain
		})
	}
	return slices.DeleteFunc(caches, func(c pipeline.Cache) bool { return len(c.Locks) == 0 })
}

// noteName notes that a file is left out.
func (b *pipelineBuilder) noteName(file string) {
	b.note("%s is not named here, since a CI system could read its name as more than a name", pipeline.Visible(file))
}
