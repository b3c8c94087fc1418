package sig

// Assembly in gc, whose instructions are a mark for tools; goir leaves none.
func BoringCrypto() {}

// See BoringCrypto.
func FIPSOnly() {}

// See BoringCrypto.
func StandardCrypto() {}
