// Package browsertest opens pages in Chromium for tests. It speaks the DevTools protocol over two pipes, so that it needs
// neither a driver nor a port.
package browsertest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// programs are the names and places of Chromium, and of Chrome.
var programs = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"}

// Find returns the program of the browser, or "" without one.
func Find() string {
	for _, name := range programs {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// A View is a window: its width in pixels, and whether its user wants dark colours.
type View struct {
	Width int
	Dark  bool
}

// A Page is what a browser shows of a page.
type Page struct {
	// Errors are the errors and warnings in the console, and requests that failed.
	Errors []string
	// Requests are the addresses that the page was made of, its own first.
	Requests []string
	// Width is that of the page, which is larger than that of the view if it has to be moved sideways.
	Width int
	// Text is what is seen.
	Text string
	// Background is the colour behind it.
	Background string
}

// networkChanged is the error by which a browser ends the requests that are under way when an interface of the machine comes
// or goes, as those of containers do. The page has no part in it.
const networkChanged = "net::ERR_NETWORK_CHANGED"

// Open opens a page in a new browser with a profile in a folder, and ends the browser. It opens it again where a change of
// the machine's network was in the way.
func Open(program, profile, url string, view View) (page Page, err error) {
	for range 10 {
		page, err = open(program, profile, url, view)
		if !slices.ContainsFunc(page.Errors, func(e string) bool { return strings.Contains(e, networkChanged) }) {
			break
		}
	}
	return page, err
}

func open(program, profile, url string, view View) (page Page, err error) {
	b, err := start(program, profile)
	if err != nil {
		return page, err
	}
	defer func() { err = errors.Join(err, b.end()) }()
	tab := b.tab()
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		b.call(tab, domain+".enable", nil)
	}
	b.call(tab, "Emulation.setDeviceMetricsOverride", object{"width": view.Width, "height": 800, "deviceScaleFactor": 1,
		"mobile": view.Width < 600})
	scheme := map[bool]string{false: "light", true: "dark"}[view.Dark]
	b.call(tab, "Emulation.setEmulatedMedia", object{"features": []object{{"name": "prefers-color-scheme", "value": scheme}}})
	b.call(tab, "Page.navigate", object{"url": url})
	b.await("Page.loadEventFired")
	b.evaluate(tab, "document.documentElement.scrollWidth", &page.Width)
	b.evaluate(tab, "document.body.innerText", &page.Text)
	b.evaluate(tab, "getComputedStyle(document.body).backgroundColor", &page.Background)
	page.Errors, page.Requests = b.errors, b.requests
	return page, b.err
}

type object map[string]any

// A browser is a running browser. After an error it does nothing any more.
type browser struct {
	cmd      *exec.Cmd
	in       *os.File
	out      *bufio.Reader
	calls    int
	errors   []string
	requests []string
	seen     map[string]bool // the methods of events
	err      error
}

func start(program, profile string) (*browser, error) {
	theirIn, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	out, theirOut, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	// In a container, or as root, there is no sandbox to be had; the pages are those of the test.
	cmd := exec.Command(program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
		"--remote-debugging-pipe", "--user-data-dir="+profile, "about:blank")
	cmd.ExtraFiles = []*os.File{theirIn, theirOut}
	err = cmd.Start()
	theirIn.Close()
	theirOut.Close()
	return &browser{cmd: cmd, in: in, out: bufio.NewReader(out), seen: map[string]bool{}}, err
}

func (b *browser) end() error {
	b.call("", "Browser.close", nil)
	b.in.Close()
	return b.cmd.Wait()
}

// A message is an answer, or an event.
type message struct {
	ID     int
	Result json.RawMessage
	Error  *struct{ Message string }
	Method string
	Params struct {
		Request  struct{ URL string }
		Entry    struct{ Level, Text string }
		Type     string
		Args     []struct{ Value any }
		Details  struct{ Text string } `json:"exceptionDetails"`
		Failure  string                `json:"errorText"`
		Response struct{ Status int }
	}
}

// tab opens a tab, and returns the session in which it is controlled.
func (b *browser) tab() string {
	var target struct{ TargetID, SessionID string }
	b.decode(b.call("", "Target.createTarget", object{"url": "about:blank"}), &target)
	b.decode(b.call("", "Target.attachToTarget", object{"targetId": target.TargetID, "flatten": true}), &target)
	return target.SessionID
}

// call calls a method, and returns its result.
func (b *browser) call(session, method string, params object) json.RawMessage {
	if b.err != nil {
		return nil
	}
	b.calls++
	call := object{"id": b.calls, "method": method}
	if params != nil {
		call["params"] = params
	}
	if session != "" {
		call["sessionId"] = session
	}
	text, err := json.Marshal(call)
	if err != nil {
		b.err = err
		return nil
	}
	if _, b.err = b.in.Write(append(text, 0)); b.err != nil {
		return nil
	}
	for b.err == nil {
		if m := b.next(); m.ID == b.calls {
			if m.Error != nil {
				b.err = fmt.Errorf("%s: %s", method, m.Error.Message)
			}
			return m.Result
		}
	}
	return nil
}

// await waits for an event.
func (b *browser) await(method string) {
	for b.err == nil && !b.seen[method] {
		b.next()
	}
}

// next reads a message, and keeps what it says about the page.
func (b *browser) next() (m message) {
	text, err := b.out.ReadBytes(0)
	if err != nil {
		b.err = err
		return m
	}
	b.decode(text[:len(text)-1], &m)
	b.seen[m.Method] = true
	switch p := m.Params; m.Method {
	case "Network.requestWillBeSent":
		b.requests = append(b.requests, p.Request.URL)
	case "Network.loadingFailed":
		b.errors = append(b.errors, "a request failed: "+p.Failure)
	case "Network.responseReceived":
		if p.Response.Status >= 400 {
			b.errors = append(b.errors, fmt.Sprint("a request failed with ", p.Response.Status))
		}
	case "Log.entryAdded":
		if p.Entry.Level == "error" || p.Entry.Level == "warning" {
			b.errors = append(b.errors, p.Entry.Text)
		}
	case "Runtime.consoleAPICalled":
		if p.Type == "error" || p.Type == "warning" {
			b.errors = append(b.errors, fmt.Sprint(p.Args))
		}
	case "Runtime.exceptionThrown":
		b.errors = append(b.errors, p.Details.Text)
	}
	return m
}

// evaluate evaluates an expression of JavaScript.
func (b *browser) evaluate(session, expression string, to any) {
	var answer struct {
		Result struct{ Value json.RawMessage }
	}
	b.decode(b.call(session, "Runtime.evaluate", object{"expression": expression, "returnByValue": true}), &answer)
	b.decode(answer.Result.Value, to)
}

func (b *browser) decode(text []byte, to any) {
	if b.err == nil {
		b.err = json.Unmarshal(text, to)
	}
}
