module example.com/outside/sub

go 1.25

require example.com/other v1.0.0

replace example.com/other v1.0.0 => ../../other
