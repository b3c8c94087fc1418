package reflect

// Field has an index of its own in each result: gc's, which all share, are constants, which cannot be written to.
func (t *structType) Field(i int) StructField {
	if uint(i) >= uint(len(t.Fields)) {
		panic("reflect: Field index out of bounds")
	}
	in := &t.Fields[i]
	field := StructField{Name: in.Name.Name(), Type: toType(in.Typ), Offset: in.Offset, Index: []int{i}, Anonymous: in.Embedded()}
	field.Tag = StructTag(in.Name.Tag())
	if !in.Name.IsExported() {
		field.PkgPath = t.PkgPath.Name()
	}
	return field
}

// What gc's version of Field points to.
//
//goir:delete getStaticuint64s
