package sdk

// IgnoreAll is the content of the .gitignore that davit writes into a folder of its own.
const IgnoreAll = "*\n"

// IgnoreScript returns the lines of a script that make a folder for what a step makes, with a .gitignore for
// all that is in it. They leave alone a folder that exists already, unless its .gitignore is that of davit,
// which they write again: it is an output like the others.
func IgnoreScript(dir string) string {
	name, file := Quote(dir), Quote(dir+"/.gitignore")
	return `if [ ! -e ` + name + ` ] ||
	{ read -r all && ! read -r more && [ "$all$more" = '*' ]; } 2>/dev/null <` + file + `; then
	mkdir -p ` + name + ` && echo '*' >` + file + `
fi`
}
