package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
)

func init() {
	ways["good"] = func() { answer("good") }
	ways["garbage"] = func() { os.Stdout.WriteString("\x00\xff<html>") }
	ways["nothing"] = func() {}
	ways["nested"] = func() { os.Stdout.Write(bytes.Repeat([]byte(`{"a":`), 500_000)) }
	ways["huge"] = func() { os.Stdout.Write(append([]byte(`{"api":1,"summary":"`), bytes.Repeat([]byte("x"), 5<<20)...)) }
	ways["outside"] = func() {
		os.Stdout.WriteString(`{"api":1,"match":true,"steps":{"evil":{"op":"exec","argv":["rm"],"dir":"../.."}},"targets":{"build":["evil"]}}`)
	}
	ways["exit-3"] = func() { os.Exit(3) }
	ways["exit-like-the-host"] = func() { os.Exit(-1 << 28) } // the code that wazero uses for a deadline
	ways["exit-1-silently"] = func() { os.Exit(1) }
	ways["panic"] = func() { panic("boom") }
	ways["message"] = func() {
		fmt.Fprint(os.Stderr, "go.mod:3: \x1b[31mno module\x1b[0m\x07\r\nline two\xff\n")
		os.Exit(1)
	}
	ways["long-message"] = func() {
		for i := range 10_000 {
			os.Stderr.WriteString("line " + strconv.Itoa(i) + "\n")
		}
		os.Exit(1)
	}
	ways["slow"] = func() { // far more than an interpreter does between two looks at the clock
		var sum uint64
		for i := range uint64(5_000_000) {
			sum = sum*31 + i
		}
		answer(strconv.FormatUint(sum, 10))
	}
	ways["deep"] = func() { answer(strconv.Itoa(deep(20_000))) } // too deep for the interpreter, and nothing wrong
}
