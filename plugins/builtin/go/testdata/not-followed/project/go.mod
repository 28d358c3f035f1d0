module example.com/x

go 1.25

require example.com/lib v1.0.0

replace example.com/lib => /src/lib
