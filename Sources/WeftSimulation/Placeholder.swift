// The WeftSimulation target; its first files replace this one.
