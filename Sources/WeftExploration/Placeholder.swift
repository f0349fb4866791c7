// The WeftExploration target; its first files replace this one.
