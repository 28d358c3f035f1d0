package main

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unsafe"
)

func init() {
	ways["look"] = look
	ways["write"] = write
	ways["world"] = world
	ways["watch"] = watch
	ways["walk"] = func() { // twice, which counts once
		for range 2 {
			fs.WalkDir(os.DirFS("."), ".", func(string, fs.DirEntry, error) error { return nil })
		}
		answer()
	}
}

// look answers with what it can see of the project.
func look() {
	var said []string
	for _, name := range []string{"go.mod", "link", "dirlink/a", "out", "abs", "loop", "fifo", ".env", ".git/config", "gitlink", "secrets/key", "/../x"} {
		text, err := os.ReadFile(name)
		said = append(said, fmt.Sprintf("%s: %s", name, result(string(text), err)))
	}
	entries, err := os.ReadDir(".")
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	info, _ := os.Stat("go.mod")
	said = append(said, result(strings.Join(names, " "), err), fmt.Sprint(info.Size(), info.ModTime().Unix(), info.Mode().IsRegular()))
	answer(said...)
}

func result(text string, err error) string {
	if os.IsNotExist(err) {
		return "absent"
	}
	if err != nil {
		return err.Error()
	}
	return text
}

// write answers with which ways to write succeeded.
func write() {
	var done []string
	for name, try := range map[string]func() error{
		"write":    func() error { return os.WriteFile("new", nil, 0o644) },
		"truncate": func() error { return os.Truncate("go.mod", 0) },
		"append": func() error {
			f, err := os.OpenFile("go.mod", os.O_APPEND|os.O_WRONLY, 0)
			if err == nil {
				_, err = f.WriteString("x")
			}
			return err
		},
		"both": func() error {
			f, err := os.OpenFile("go.mod", os.O_RDWR, 0)
			if err == nil {
				_, err = f.WriteString("x")
			}
			return err
		},
		"write what was opened to read": func() error {
			_, err := open("go.mod").WriteString("x")
			return err
		},
		"shorten what was opened to read": func() error { return open("go.mod").Truncate(0) },
		"mkdir":                           func() error { return os.Mkdir("dir", 0o755) },
		"remove":                          func() error { return os.Remove("go.mod") },
		"rename":                          func() error { return os.Rename("go.mod", "gone") },
		"link":                            func() error { return os.Link("go.mod", "new") },
		"symlink":                         func() error { return os.Symlink("/etc/passwd", "new") },
		"times":                           func() error { return os.Chtimes("go.mod", time.Now(), time.Now()) },
	} {
		if try() == nil {
			done = append(done, name)
		}
	}
	answer(done...)
}

// world answers with what it finds besides the project.
func world() {
	start := time.Now()
	time.Sleep(time.Hour)
	var fd int32
	home, _ := os.LookupEnv("HOME")
	answer(
		fmt.Sprint("env ", os.Environ(), home), fmt.Sprint("time ", start.Unix(), time.Since(start) >= time.Hour),
		fmt.Sprint("accept ", sockAccept(0, 0, unsafe.Pointer(&fd)) == 0, sockAccept(3, 0, unsafe.Pointer(&fd)) == 0),
		fmt.Sprint("random ", rand.Uint64()), fmt.Sprint("args ", os.Args), fmt.Sprint("pid ", os.Getpid()),
	)
}

// watch looks at a little of everything, for the memo.
func watch() {
	text, _ := os.ReadFile("go.mod")
	head := make([]byte, 8)
	if f, err := os.Open("main.go"); err == nil {
		f.Read(head)
		f.Close()
	}
	_, missing := os.Open("go.work")
	f, present := os.Open("opened")
	f.Close()
	list, _ := filepath.Glob("cmd/*")
	answer(string(text), string(head), fmt.Sprint(missing == nil, present == nil), fmt.Sprint(list))
}
