// The bodies of constructors of other packages are in the module, to be inlined; other functions are declared.
// RUN: goir build --emit go -o %t.goir %s && filecheck %s < %t.goir
// RUN: goir-opt -p go-to-coro-pipeline %t.goir | filecheck %s --check-prefix=INLINED
package main

import (
	"errors"
	"strings"
)

// CHECK-DAG: go.func @errors.New(%{{.*}} : !go.string) -> (!go.named<"error">) attributes {{{.*}}available
// CHECK-DAG: go.func @strings.NewReader(%{{.*}} : !go.string) -> ({{.*}}) attributes {{{.*}}available
// CHECK-DAG: go.func @strings.ToUpper(!go.string) -> (!go.string)
// INLINED-LABEL: @main.main
// INLINED-NOT:   go.call @errors.New
// INLINED:       go.alloc stack : !go.ptr<!go.named<"errors.errorString">>
// INLINED:       go.alloc stack : !go.ptr<!go.named<"strings.Reader">>
// INLINED:       go.call @errors.New
// INLINED:       go.func @errors.New(!go.string) -> (!go.named<"error">) attributes {returned
func main() {
	if errors.New("gone") == nil {
		println(strings.NewReader(strings.ToUpper("x")).Len())
	}
	kept = errors.New("kept")
}

var kept error
