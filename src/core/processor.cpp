#include "core/processor.hpp"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <string_view>

namespace onepass {
namespace {

/// Whether ONEDNN_MAX_CPU_ISA allows no more than one of these instruction sets.
bool is_limited_to(std::initializer_list<std::string_view> sets) {
  const char* const limit = std::getenv("ONEDNN_MAX_CPU_ISA");
  return limit && std::ranges::find(sets, std::string_view(limit)) != sets.end();
}

#if defined(__x86_64__)
/// A bit of register EAX of CPUID's leaf 7, subleaf 1 (Intel's manual, volume 2A): names that not all compilers know.
bool has_feature(unsigned bit) {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  return __get_cpuid_count(7, 1, &eax, &ebx, &ecx, &edx) != 0 && (eax >> bit & 1U) != 0;
}

bool has_avx_vnni() { return has_feature(4) && __builtin_cpu_supports("avx2"); }
bool has_avx512_bf16() { return has_feature(5) && __builtin_cpu_supports("avx512bw"); }
#endif

}  // namespace

Bf16Support bf16_support() {
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("avx512bw") || is_limited_to({"SSE41", "AVX", "AVX2", "AVX2_VNNI", "AVX2_VNNI_2"}))
    return Bf16Support::none;
  const bool is_native = has_avx512_bf16() && !is_limited_to({"AVX512_CORE", "AVX512_CORE_VNNI"});
  return is_native ? Bf16Support::native : Bf16Support::emulated;
#else
  return Bf16Support::native;
#endif
}

bool has_vnni() {
#if defined(__x86_64__)
  return (__builtin_cpu_supports("avx512vnni") || has_avx_vnni()) &&
         !is_limited_to({"SSE41", "AVX", "AVX2", "AVX512_CORE"});
#else
  return true;
#endif
}

}  // namespace onepass
