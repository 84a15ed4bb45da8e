package s3cors

// FieldValues stores in values what the methods AllowOrigin, AllowMethods, AllowHeaders,
// ExposeHeaders, MaxAge, AllowCredentials and Vary return, in this order. To read all
// values at once costs less than to ask for one after the other. It allocates one string
// if AllowHeaders does.
func (d *Decision) FieldValues(values *[7]string) {
	a := d.granted()
	if a == nil {
		*values = [7]string{6: d.Vary()}
		return
	}
	values[0], values[1] = d.allowOrigin(a), d.allowMethods(a)
	values[2] = ""
	if d.headers != "" {
		values[2] = d.AllowHeaders()
	}
	values[3] = a.expose
	if !d.preflight {
		values[3] = a.exposeActual
	}
	values[4], values[5] = a.maxAge, d.allowCredentials(a)
	values[6] = d.policy.dialect.Vary
	if d.policy.dialect.VaryOfEcho { // ceph-3/vary
		values[6] = d.Vary()
	}
}
