//go:build amd64 || arm64

package trace

import (
	"bufio"
	"io"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
)

func itoa(n int) string { return strconv.Itoa(n) }

// proc returns what a link in the folder of a thread under /proc leads to, or "".
func proc(thread int, name string) string {
	target, _ := os.Readlink("/proc/" + itoa(thread) + "/" + name)
	return strings.TrimSuffix(target, " (deleted)")
}

// program returns the name of the file of the program that a thread runs.
func program(thread int) string { return path.Base(proc(thread, "exe")) }

// opened returns the location of something that a thread has open: "cwd" or "fd/3". What is no file has no
// path.
func opened(thread int, name string) location {
	if p := proc(thread, name); strings.HasPrefix(p, "/") {
		return look(p, nil)
	}
	return location{}
}

// maxLinks is how many links the kernel follows in one path.
const maxLinks = 40

// resolve returns what a path leads to for a thread, from a folder without links in its own path. The last
// part is followed if it is a link only on request.
func resolve(thread int, dir, name string, follow bool) location {
	rest, current := strings.Split(name, "/"), dir
	if strings.HasPrefix(name, "/") {
		current = "/"
	}
	var links []string
	for len(rest) > 0 {
		part := rest[0]
		rest = rest[1:]
		switch part {
		case "", ".":
			continue
		case "..":
			current = path.Dir(current)
			continue
		}
		next := path.Join(current, part)
		if len(rest) == 0 && !follow {
			return look(next, links)
		}
		target := target(thread, next)
		if target == "" || len(links) == maxLinks {
			current = next
			continue
		}
		links = append(links, next)
		if target[0] == '/' {
			current = "/"
		}
		rest = slices.Concat(strings.Split(target, "/"), rest)
	}
	return look(current, links)
}

// target returns the text of a link, or "". What /proc/self is depends on who looks.
func target(thread int, link string) string {
	switch link {
	case "/proc/self", "/proc/thread-self":
		return itoa(thread)
	}
	text, err := os.Readlink(link)
	if err != nil || strings.HasPrefix(link, "/proc/") && !strings.HasPrefix(text, "/") {
		return "" // pipe:[1234]
	}
	return text
}

// maxInterpreters is how many scripts may interpret each other.
const maxInterpreters = 4

// interpreters returns the programs in the first lines of a script and of the scripts that interpret it.
func interpreters(thread int, script string) (found []location) {
	for range maxInterpreters {
		name := interpreter(script)
		if name == "" {
			break
		}
		p := resolve(thread, opened(thread, "cwd").path, name, true)
		found, script = append(found, p), p.path
	}
	return found
}

// interpreter returns the program in the first line of a script, or "".
func interpreter(script string) string {
	f, err := os.Open(script)
	if err != nil {
		return ""
	}
	defer f.Close()
	first, _ := bufio.NewReader(io.LimitReader(f, 256)).ReadString('\n')
	words := strings.Fields(strings.TrimPrefix(first, "#!"))
	if !strings.HasPrefix(first, "#!") || len(words) == 0 {
		return ""
	}
	return words[0]
}

// mapped returns the files in the memory of a process: after it has begun a program, that and its loader.
func mapped(process int) (files []string) {
	data, _ := os.ReadFile("/proc/" + itoa(process) + "/maps")
	for line := range strings.Lines(string(data)) {
		if at := strings.IndexByte(line, '/'); at >= 0 {
			files = append(files, strings.TrimSuffix(line[at:], "\n"))
		}
	}
	slices.Sort(files)
	return slices.Compact(files)
}
