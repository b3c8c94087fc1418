module pointerbits
go 1.27
