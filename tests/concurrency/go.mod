module goir.dev/concurrency

go 1.27
