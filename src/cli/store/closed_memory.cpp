#include "cli/store/closed_memory.hpp"

#include <sys/prctl.h>

namespace onepass::cli {

void close_memory() { ::prctl(PR_SET_DUMPABLE, 0); }

}  // namespace onepass::cli
