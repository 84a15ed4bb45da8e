package s3cors

// FieldValues returns what the methods AllowOrigin, AllowMethods, ExposeHeaders, MaxAge,
// AllowCredentials and Vary return, in this order, and, behind them, what AllowHeaders
// returns unless it is "". It returns nil if no rule matched. The slice belongs to the
// caller, and has no room to append to.
//
// To have all values made at once costs less than to ask for one after the other.
// FieldValues allocates once, and a second time if AllowHeaders is longer than what browsers
// mostly ask for.
func (d *Decision) FieldValues() []string {
	if d.answer == nil {
		return nil
	}
	if d.text == "" {
		values := new([6]string)
		d.fill(values)
		return values[:]
	}
	if len(d.text) > longestNames || d.policy.dialect.NamesAsSent {
		return d.fieldValues(new([7]string), d.AllowHeaders())
	}
	named := new(namedValues)
	return d.fieldValues(&named.values, view(appendNames(named.room[:0], d.text))) // 5.1/allow-headers
}

// fieldValues is FieldValues of names that are written already.
func (d *Decision) fieldValues(values *[7]string, names string) []string {
	d.fill((*[6]string)(values[:]))
	if names == "" {
		return values[:6:6]
	}
	values[6] = names
	return values[:]
}

// longestNames is the length of Access-Control-Request-Headers up to which the names that
// are sent lie beside the values.
const longestNames = 84

// namedValues are values with room for the names among them. One allocation in place of
// two is a tenth of the time of a preflight with five names (BenchmarkFieldValues). The
// room has space for a blank behind each comma of the usual names, and gets the two to
// 208 bytes, which is as much as the allocator gives. Whoever has fewer bytes to allocate
// waits less for memory, and for the garbage collector.
type namedValues struct {
	values [7]string
	room   [96]byte // nobody has it but a string: see view
}

// fill stores all values but the last.
func (d *Decision) fill(values *[6]string) {
	a, q := d.sent(), d.policy.dialect
	if a == nil { // ceph-1/empty-origin
		values[5] = d.Vary()
		return
	}
	values[0], values[1], values[2] = d.allowOrigin(a), d.allowMethods(a), a.expose
	if !d.preflight {
		values[2] = a.exposeActual
	}
	values[3], values[4], values[5] = a.maxAge, d.allowCredentials(a), q.Vary
	if q.VaryOfEcho { // ceph-3/vary
		values[5] = d.Vary()
	}
}
