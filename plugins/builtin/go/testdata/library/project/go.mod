module github.com/acme/flags
