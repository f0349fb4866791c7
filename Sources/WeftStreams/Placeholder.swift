// The WeftStreams target; its first files replace this one.
