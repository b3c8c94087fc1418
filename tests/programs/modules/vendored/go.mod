module example.com/vendored

go 1.22

require (
	example.com/Cached v0.2.0
	example.com/v/v2 v2.0.1
)

require example.com/two v1.2.0 // indirect
