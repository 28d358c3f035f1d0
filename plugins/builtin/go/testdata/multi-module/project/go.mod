module github.com/acme/trace

go 1.24.0
