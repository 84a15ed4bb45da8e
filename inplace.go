package s3cors

// EvaluateInto stores in d the decision that Evaluate returns. It is for servers, which
// have a place for the decision, and spares them to copy it and the request.
func (p *Policy) EvaluateInto(r *Request, d *Decision) {
	*d = Decision{policy: p}
	if r.EmptyOrigin || r.Origin != "" || r.Method == "OPTIONS" {
		d.evaluate(r)
	}
}

// PrecheckInto stores in d the decision that Precheck returns, and reports whether there
// is one. If there is none, it leaves d as it was. What it spares are the copies, for the
// many requests whose answer depends on the bucket.
func (p *Policy) PrecheckInto(r *Request, d *Decision) bool {
	if !p.quirks().BucketFirst && r.Target != TargetService && p.isValid(r) {
		return false
	}
	answer, ok := p.Precheck(*r)
	if ok {
		*d = answer
	}
	return ok
}
