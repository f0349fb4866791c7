// The WeftNetworks target; its first files replace this one.
