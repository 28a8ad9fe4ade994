// What the processor that runs the tests can do.
#pragma once

namespace onepass::test {

/// Products of 8-bit integers are added in 32 bits.
inline bool has_vnni() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512vnni") || __builtin_cpu_supports("avxvnni");
#else
  return true;
#endif
}

inline bool has_bf16() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bf16");
#else
  return false;
#endif
}

}  // namespace onepass::test
