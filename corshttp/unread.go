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

// LeaveBody lets an answer go out without the body of its request. Call it if the body
// was not read, or not to its end, right before the header of the answer is written. The
// handlers of a Server call it themselves.
//
// Without LeaveBody, net/http reads up to 256 KiB of the rest before it sends the answer,
// and up to 256 KiB after it. It waits for bytes that do not come as long as
// http.Server.ReadTimeout allows, or for ever if there is no ReadTimeout. A client that
// declares a body and sends none would get no answer, and would keep its connection.
//
// Under HTTP/1, LeaveBody sets "Connection: close", so that net/http sends the answer at
// once, and it sets a read deadline of two seconds for the rest of the body. The close
// follows [RFC 9112, section 9.6]. A read deadline alone would not do: the answer would
// wait for the deadline, and would be lost if a write deadline ended at the same time.
// The deadline replaces that of ReadTimeout. It needs a writer on which
// http.ResponseController can set a read deadline. Where there is no such writer, as
// inside http.TimeoutHandler, only ReadTimeout bounds how long the connection stays.
//
// Under HTTP/2, LeaveBody does nothing, since the answer ends the stream. A request
// without a body keeps its connection.
//
// [RFC 9112, section 9.6]: https://www.rfc-editor.org/rfc/rfc9112#section-9.6
func LeaveBody(w http.ResponseWriter, r *http.Request) {
	if r.ProtoMajor != 1 || r.ContentLength == 0 || r.Body == nil || r.Body == http.NoBody {
		return
	}
	w.Header()["Connection"] = []string{"close"} // 10/unread-body
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(lingerTime))
}
