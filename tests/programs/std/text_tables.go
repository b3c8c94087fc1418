// text/tabwriter and text/template.
package main

import (
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"text/template"
)

type item struct {
	Name  string
	Price float64
	Tags  []string
	Attr  map[string]int
}

func (i item) Upper() string                 { return strings.ToUpper(i.Name) }
func (i *item) Times(n int, s string) string { return fmt.Sprint(n, s, i.Price*float64(n)) }

func main() {
	w := tabwriter.NewWriter(os.Stdout, 5, 0, 1, ' ', tabwriter.AlignRight|tabwriter.Debug)
	fmt.Fprintln(w, "a\tb\tc")
	fmt.Fprintln(w, "aaaa\tbbbb\tcc")
	fmt.Fprintln(w, "1\t22222222\tüü")
	w.Flush()
	w = tabwriter.NewWriter(os.Stdout, 0, 8, 2, '.', 0)
	fmt.Fprintf(w, "name\tvalue\n%s\t%d\n\nlonger name\t%v\tmore\n", "x", 1, 2.5)
	w.Flush()

	funcs := template.FuncMap{"join": strings.Join, "add": func(a, b int) int { return a + b }}
	t := template.Must(template.New("t").Funcs(funcs).Parse(`{{define "row"}}<{{.Name | printf "%-8s"}}|{{printf "%6.2f" .Price}}>{{end -}}
{{range $i, $e := .Items}}{{if $i}}, {{end}}{{add $i 1}}:{{template "row" $e}}{{with $e.Tags}}[{{join . "+"}}]{{else}}[no tags]{{end}}{{end}}
{{len .Items}} {{index .Items 0 | printf "%v"}} {{(index .Items 1).Upper}} {{.P.Times 3 "x"}}
{{range $k, $v := .M}}{{$k}}={{$v}};{{end}} {{and .T .F}} {{or .F "dflt"}} {{not .T}} {{eq .N 5}} {{lt .N 10}} {{ne "a" "b"}}
{{/* a comment */}}{{- range .Empty}}x{{else}}empty{{end}} {{html "<a&b>"}} {{js "it's"}} {{urlquery "a b"}} {{slice "abcdef" 1 3}} {{.Items | len | printf "%03d"}}
{{range 3}}{{.}}{{if eq . 1}}{{continue}}{{end}};{{end}}{{$x := 1}}{{$x = 2}}{{$x}} {{call .Fn 4}} {{print nil}} {{.Nested.A.B}}
`))
	data := map[string]any{
		"Items": []item{{"apple", 1.5, []string{"red", "round"}, nil}, {"kiwi", 0.25, nil, map[string]int{"a": 1}}},
		"P":     &item{Price: 2}, "M": map[string]int{"z": 1, "a": 2}, "T": true, "F": false, "N": 5, "Empty": []int{},
		"Fn": func(n int) int { return n * n }, "Nested": map[string]any{"A": struct{ B string }{"deep"}},
	}
	if err := t.Execute(os.Stdout, data); err != nil {
		fmt.Println(err)
	}
	for _, bad := range []string{"{{.Missing.Field.X}}", "{{index . 5}}", "{{.Name.Nope}}", "{{template \"none\"}}", "{{call .}}"} {
		b, err := template.New("bad").Parse(bad)
		if err == nil {
			err = b.Execute(os.Stdout, item{})
		}
		fmt.Println(err)
	}
	for _, bad := range []string{"{{", "{{if}}", "{{end}}", "{{range .}}", "{{nofunc 1}}", "{{.x | }}", "{{$y}}"} {
		_, err := template.New("parse").Parse(bad)
		fmt.Println(err)
	}
}
