// Hostile is a plugin for tests, with one way to misbehave for each name that it is called by.
//
// What it finds out it answers as the decisions of a plan.
package main

import (
	"encoding/json"
	"os"
	"sort"
)

var ways = map[string]func(){}

func main() {
	way, known := ways[os.Args[0]]
	if !known {
		names := make([]string, 0, len(ways))
		for name := range ways {
			names = append(names, name)
		}
		sort.Strings(names)
		answer(append([]string{"unknown way " + os.Args[0]}, names...)...)
		return
	}
	way()
}

// answer writes a plan that is right.
func answer(decisions ...string) {
	json.NewEncoder(os.Stdout).Encode(map[string]any{"api": 1, "match": true, "stack": "test", "decisions": decisions})
}
