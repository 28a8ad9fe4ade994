// What the processor can do, where results depend on it.
#pragma once

namespace onepass {

/// How products in bfloat16 are computed.
enum class Bf16Support {
  none,      ///< not at all
  emulated,  ///< with instructions for single precision, which is slower than single precision itself
  native,    ///< AVX512-BF16, AMX or AVX-NE-CONVERT
  unknown    ///< not an x86 processor: OpenVINO decides
};

/// What OpenVINO may use of the processor. The environment variable ONEDNN_MAX_CPU_ISA, which it obeys too, limits it:
/// "AVX2" stands for a processor without AVX-512.
Bf16Support bf16_support();

/// Whether products of 8-bit integers are added in 32 bits (VNNI), not in 16.
bool has_vnni();

}  // namespace onepass
