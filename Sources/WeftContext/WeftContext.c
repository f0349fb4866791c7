#include "WeftContext.h"

_Thread_local void *weft_context = 0;
