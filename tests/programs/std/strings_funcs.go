// The functions of strings and bytes on small and odd inputs.
package main

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
)

func main() {
	ss := []string{"", "a", "abc", "aXbXc", "  trim me \t\n", "日本語日本", "ﬀǅß", "\xff\xfebad", "aaaa", "Hello, World", "x,y,,z,"}
	subs := []string{"", "a", "X", "日", "aa", ",", "World", "\xff", "zz"}
	for _, s := range ss {
		for _, t := range subs {
			before, after, found := strings.Cut(s, t)
			pre, okp := strings.CutPrefix(s, t)
			suf, oks := strings.CutSuffix(s, t)
			fmt.Printf("%q %q: %d %d %d %t %t %t %q %q %t %q %t %q %t %d %q %q %q %q\n", s, t,
				strings.Index(s, t), strings.LastIndex(s, t), strings.Count(s, t), strings.Contains(s, t), strings.HasPrefix(s, t), strings.HasSuffix(s, t),
				before, after, found, pre, okp, suf, oks, strings.Compare(s, t),
				strings.Split(s, t), strings.SplitAfter(s, t), strings.SplitN(s, t, 2), strings.SplitAfterN(s, t, 2))
			fmt.Printf("  %d %d %q %q %q %q %q %t %t\n", strings.IndexAny(s, t), strings.LastIndexAny(s, t), strings.Trim(s, t), strings.TrimLeft(s, t), strings.TrimRight(s, t),
				strings.Replace(s, t, "<>", 2), strings.ReplaceAll(s, t, "-"), strings.EqualFold(s, t), strings.ContainsAny(s, t))
			b, u := []byte(s), []byte(t)
			fmt.Println(bytes.Index(b, u), bytes.LastIndex(b, u), bytes.Count(b, u), bytes.Compare(b, u), bytes.Equal(b, u), bytes.HasPrefix(b, u), len(bytes.Split(b, u)), string(bytes.ReplaceAll(b, u, []byte("+"))), bytes.ContainsAny(b, t), bytes.EqualFold(b, u))
		}
		fmt.Printf("%q %q %q %q %q %q %q\n", strings.ToUpper(s), strings.ToLower(s), strings.ToTitle(s), strings.Title(s), strings.TrimSpace(s), strings.Fields(s), strings.ToValidUTF8(s, "?"))
		fmt.Printf("%q %q %d %d\n", strings.Repeat(s, 3), strings.Map(func(r rune) rune { return r + 1 }, s), strings.IndexFunc(s, unicode.IsUpper), strings.LastIndexFunc(s, unicode.IsLower))
		fmt.Printf("%q %q %q\n", slices.Collect(strings.SplitSeq(s, ",")), slices.Collect(strings.FieldsSeq(s)), slices.Collect(strings.Lines("a\n"+s)))
		fmt.Printf("%q %q %q\n", bytes.ToUpper([]byte(s)), bytes.Title([]byte(s)), bytes.Runes([]byte(s)))
	}
	fmt.Println(strings.ToUpperSpecial(unicode.TurkishCase, "iı"), strings.ToLowerSpecial(unicode.TurkishCase, "Iİ"), strings.EqualFold("Straße", "STRASSE"), strings.EqualFold("Kelvin", "\u212Aelvin"), strings.EqualFold("σς", "ΣΣ"))
	r := strings.NewReplacer("<", "&lt;", ">", "&gt;", "&", "&amp;")
	fmt.Println(r.Replace("<a & b>"), strings.NewReplacer("a", "b", "b", "c", "", "X").Replace("ab"), strings.NewReplacer("aaa", "3", "aa", "2", "a", "1").Replace("aaaaaa a"))
	var sb strings.Builder
	for i := range 5 {
		fmt.Fprintf(&sb, "%d,", i)
	}
	sb.WriteRune('世')
	sb.WriteByte('!')
	fmt.Println(sb.String(), sb.Len(), strings.Join([]string{"a", "b"}, "--"), strings.Join(nil, "x"))
	rd := strings.NewReader("reader content")
	buf := make([]byte, 6)
	n, err := rd.Read(buf)
	fmt.Println(n, err, string(buf), rd.Len(), rd.Size())
	rd.Seek(-3, io.SeekEnd)
	rest, err := io.ReadAll(rd)
	fmt.Println(string(rest), err)
	_, err = rd.Seek(-1, io.SeekStart)
	fmt.Println(err, rd.UnreadByte())
	var bb bytes.Buffer
	bb.WriteString("hello ")
	bb.Write([]byte("world\nsecond line\n"))
	line, err := bb.ReadString('\n')
	fmt.Printf("%q %v %d\n", line, err, bb.Len())
	c, err := bb.ReadByte()
	fmt.Println(c, err, bb.UnreadByte(), string(bb.Next(3)), bb.String())
	bb.Truncate(2)
	fmt.Printf("%q\n", bb.Bytes())
	bb.Reset()
	_, err = bb.ReadByte()
	fmt.Println(err, bb.Cap() > 0)
	for _, f := range []func(){func() { strings.Repeat("x", -1) }, func() { bb.Truncate(9) }, func() { sb2 := sb; sb2.WriteByte('x') }, func() { strings.NewReplacer("odd") }} {
		func() {
			defer func() { fmt.Println("recovered:", recover()) }()
			f()
		}()
	}
}
