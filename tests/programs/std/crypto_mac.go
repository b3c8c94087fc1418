package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
)

// Functions that gc's compiler knows, and one that a package defines for another that nothing else has read.
func main() {
	mac := hmac.New(sha256.New, []byte("key"))
	mac.Write([]byte("The quick brown fox jumps over the lazy dog"))
	sum := mac.Sum(nil)
	fmt.Printf("%x\n", sum)
	fmt.Println(hmac.Equal(sum, mac.Sum(nil)), hmac.Equal(sum, sum[1:]))
	for _, pair := range [][2]byte{{1, 1}, {1, 2}} {
		x, y := pair[0], pair[1]
		fmt.Println(subtle.ConstantTimeByteEq(x, y), subtle.ConstantTimeEq(int32(x), int32(y)),
			subtle.ConstantTimeLessOrEq(int(y), int(x)), subtle.ConstantTimeSelect(int(y-x), 3, 4))
	}
}
