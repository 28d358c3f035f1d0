module example.com/outside

go 1.25

require (
	example.com/lib v1.0.0
	example.com/third v1.0.0
)

replace example.com/lib => ../lib

replace example.com/third => ./third/lib
