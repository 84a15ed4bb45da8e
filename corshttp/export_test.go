package corshttp

// LingerTime is how long a connection stays for the rest of a body.
const LingerTime = lingerTime
