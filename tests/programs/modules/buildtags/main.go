// Build constraints and file name suffixes choose files.
package main

import (
	"fmt"

	"buildtags/plat"
)

func main() {
	fmt.Println(plat.OS, plat.Arch, plat.Chosen)
}
