// What the processor can do, where results depend on it.
#pragma once

namespace onepass {

/// Whether products of 8-bit integers are added in 32 bits (VNNI), not in 16.
inline bool has_vnni() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512vnni") || __builtin_cpu_supports("avxvnni");
#else
  return true;
#endif
}

}  // namespace onepass
