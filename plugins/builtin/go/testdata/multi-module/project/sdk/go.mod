module github.com/acme/trace/sdk

go 1.25.0

require github.com/acme/trace v1.0.0

replace github.com/acme/trace => ../
