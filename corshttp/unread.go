package corshttp

import (
	"net/http"
	"time"
)

// lingerTime is how long a connection stays open for what is left of a body
// after the answer has gone out. A client that is still sending has this time to
// read the answer; were its bytes refused at once, its own system could throw the
// answer away before it is read (RFC 9112 section 9.6).
const lingerTime = 2 * time.Second

// LeaveBody lets an answer go out that does not need the body of its request.
// Call it when the body has not been read, or not to its end, right before the
// header of the answer is written. Middleware and Subresource do so themselves.
//
// Without it net/http reads up to 256 KiB of what is left before it sends the
// answer, and up to 256 KiB after it, and waits for bytes that do not come as long
// as http.Server.ReadTimeout lets it: for ever, if there is none. A client that
// declares a body and sends none would get no answer, and keep its connection.
//
// An answer to HTTP/1 gets "Connection: close", upon which net/http sends it at
// once, and two seconds are set as the time to read what is left. To set a read
// deadline alone would not do: the answer would wait for the deadline, and be lost
// where a write deadline ends at the same time. The deadline takes the place of
// that of ReadTimeout, and needs a writer that http.ResponseController can set one
// on; where it cannot, as inside http.TimeoutHandler, only ReadTimeout bounds how
// long the connection stays.
//
// HTTP/2 ends the stream with the answer and needs none of this. Requests without
// a body keep their connection.
func LeaveBody(w http.ResponseWriter, r *http.Request) {
	if r.ProtoMajor != 1 || r.ContentLength == 0 || r.Body == nil || r.Body == http.NoBody {
		return
	}
	w.Header()["Connection"] = []string{"close"} // 10/unread-body
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(lingerTime))
}
