package deploytest

import (
	"slices"
	"strconv"
	"strings"
)

// A files is what a program sees of the files of its container.
type files interface {
	read(path string) (text string, has bool)
	write(path, text string) bool // false where it is read-only
	remove(path string)
}

// An outcome is what a program does.
type outcome struct {
	lines []string
	exit  int
	// runs says that it goes on until it is stopped.
	runs bool
}

// short is how many seconds a sleep lasts at the most that a program goes on behind.
const short = 100

// run executes a program of the small shell that containers have: true, false, sleep, echo, touch, rm, cat,
// test -e and exit, and scripts of these for "sh -c", with ";", "&&", "exec" and "> FILE". A program of
// another name goes on until it is stopped.
func run(argv []string, f files) (o outcome) {
	if len(argv) == 0 {
		return outcome{runs: true}
	}
	if len(argv) > 2 && argv[0] == "sh" && strings.HasSuffix(argv[1], "c") {
		return script(argv[2], f)
	}
	o, _ = command(argv, f)
	return o
}

// script runs commands one after the other.
func script(text string, f files) (all outcome) {
	for _, line := range strings.Split(text, ";") {
		for _, one := range strings.Split(line, "&&") {
			o, ends := command(strings.Fields(strings.TrimPrefix(strings.TrimSpace(one), "exec ")), f)
			all.lines, all.exit, all.runs = append(all.lines, o.lines...), o.exit, o.runs
			if ends || all.runs {
				return all
			}
			if o.exit != 0 {
				break
			}
		}
	}
	return all
}

// command runs one command, and reports whether it ends its script.
func command(argv []string, f files) (o outcome, ends bool) {
	if len(argv) == 0 {
		return o, false
	}
	switch args := argv[1:]; argv[0] {
	case "true":
	case "false":
		o.exit = 1
	case "sleep":
		seconds, err := strconv.Atoi(first(args))
		o.runs = err != nil || seconds >= short
	case "echo":
		o = echo(args, f)
	case "touch":
		for _, path := range args {
			if !f.write(path, "") {
				o.exit = 1
			}
		}
	case "rm":
		for _, path := range args {
			f.remove(path)
		}
	case "cat":
		text, has := f.read(first(args))
		o.lines = strings.Split(strings.TrimSuffix(text, "\n"), "\n")
		if !has {
			o.lines, o.exit = []string{"cat: " + first(args) + ": no such file"}, 1
		}
	case "test":
		o.exit = test(args, f)
	case "exit":
		o.exit, _ = strconv.Atoi(first(args))
		return o, true
	default:
		o.runs = true
	}
	return o, false
}

// echo prints a line, or writes it to a file.
func echo(args []string, f files) (o outcome) {
	i := slices.Index(args, ">")
	if i < 0 || i+1 == len(args) {
		o.lines = []string{strings.Join(args, " ")}
	} else if !f.write(args[i+1], strings.Join(args[:i], " ")+"\n") {
		o.exit = 1
	}
	return o
}

// test returns 0 if a file is there, or is not with "!".
func test(args []string, f files) int {
	not := first(args) == "!"
	if _, has := f.read(args[len(args)-1]); has != not {
		return 0
	}
	return 1
}

func first(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return words[0]
}
