// Keeps secrets in the memory of this process from others.
#pragma once

namespace onepass::cli {

/// From now on, no other process of the same user can read this process's memory, and a crash leaves no core dump.
void close_memory();

}  // namespace onepass::cli
