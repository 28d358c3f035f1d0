module github.com/acme/trace/examples
