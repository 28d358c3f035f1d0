// Package greet knows how to greet people.
package greet

// Greeting is what to say to somebody of that name; without one, to the world.
func Greeting(name string) string {
	if name == "" {
		name = "World"
	}
	return "Hello, " + name + "!"
}
