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
enum class Register { eax, edx };

/// A bit of CPUID's leaf 7, subleaf 1 (Intel's manual, volume 2A): names that not all compilers know.
bool has_feature(Register place, unsigned bit) {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  if (__get_cpuid_count(7, 1, &eax, &ebx, &ecx, &edx) == 0) return false;
  return ((place == Register::eax ? eax : edx) >> bit & 1U) != 0;
}

bool has_avx_vnni() { return has_feature(Register::eax, 4) && __builtin_cpu_supports("avx2"); }
/// Converts between bfloat16 and single precision without AVX-512 (AVX2_VNNI_2 of oneDNN).
bool has_avx_ne_convert() { return has_feature(Register::edx, 5); }
bool has_avx512_bf16() { return has_feature(Register::eax, 5) && __builtin_cpu_supports("avx512bw"); }
#endif

}  // namespace

Bf16Support bf16_support() {
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("avx512bw") || is_limited_to({"SSE41", "AVX", "AVX2", "AVX2_VNNI", "AVX2_VNNI_2"})) {
    const bool converts = has_avx_ne_convert() && !is_limited_to({"SSE41", "AVX", "AVX2", "AVX2_VNNI"});
    return converts ? Bf16Support::native : Bf16Support::none;
  }
  const bool is_native = has_avx512_bf16() && !is_limited_to({"AVX512_CORE", "AVX512_CORE_VNNI"});
  return is_native ? Bf16Support::native : Bf16Support::emulated;
#else
  return Bf16Support::unknown;
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
