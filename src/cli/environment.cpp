#include "cli/environment.hpp"

#include <unistd.h>

#include <cstdlib>
#include <string_view>

namespace onepass {
namespace {

/// Sets a variable unless it has a value; returns whether it was set.
bool set_default(const char* name, const char* value) {
  if (std::getenv(name)) return false;
  return setenv(name, value, 0) == 0;
}

bool runs_a_network(char** argv) {
  for (char** argument = argv; *argument; ++argument) {
    if (std::string_view(*argument).starts_with("--model")) return true;
  }
  return false;
}

}  // namespace

void prepare_environment(char** argv) {
  if (!runs_a_network(argv)) return;
  // Between two primitives an OpenMP thread should wait awake, or waking it takes a third of a network's time; but not
  // for long, or it takes the cores from decoding and from others. This is what libgomp does on a machine it finds busy.
  bool changed = !std::getenv("OMP_WAIT_POLICY") && set_default("GOMP_SPINCOUNT", "1000");
#if defined(__x86_64__)
  // OpenBLAS up to 0.3.21 does not know recent server processors and falls back to kernels of 2004.
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")) {
    changed |= set_default("OPENBLAS_CORETYPE", "SkylakeX");
  }
#endif
  if (changed) execv("/proc/self/exe", argv);  // returns only where it fails; then the defaults must do
}

}  // namespace onepass
