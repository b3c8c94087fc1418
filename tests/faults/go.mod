module goir.dev/faults

go 1.27
