// The WeftAccelerators target; its first files replace this one.
