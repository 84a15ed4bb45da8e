package corsserver

// A task is the making of an entry by one goroutine, for all that need it
// meanwhile: the goroutine of a request, so that there are never more tasks than
// requests in progress.
type task struct {
	done  chan struct{} // closed when the task is over
	entry *entry        // nil if there is none to share: whoever waits tries it himself
}

func newTask() *task { return &task{done: make(chan struct{})} }

// finished returns a task that was over before it began, since there is an entry.
func finished(e *entry) *task {
	t := newTask()
	t.entry = e
	close(t.done)
	return t
}
