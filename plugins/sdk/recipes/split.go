package recipes

// A Command is one simple command of a script: its words, without quotes, and the folder of the project that it
// runs in. A folder that is not known is "..".
type Command struct {
	Words []string
	Dir   string
}

// Commands returns the commands of a script that starts in a folder of the project, in the order of the text. They
// are read without a shell: variables are not expanded, and both branches of a condition count.
func Commands(script, dir string) (out []Command) {
	for _, c := range split(script, dir) {
		out = append(out, Command{c.words, c.dir})
	}
	return out
}
