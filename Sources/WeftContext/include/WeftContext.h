#pragma once
/// The elaboration that runs on this thread: one pointer per thread, set and restored by synchronous code only,
/// so that no other task can ever see it.
extern _Thread_local void *_Nullable weft_context;

static inline void *_Nullable weft_context_get(void) { return weft_context; }
static inline void weft_context_set(void *_Nullable context) { weft_context = context; }
