#include "embed/pooling/kernels.hpp"

// Thread and address sanitizers do not support the resolvers of target_clones.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define ONEPASS_CLONES __attribute__((target_clones("avx512f", "arch=haswell", "default")))
#else
#define ONEPASS_CLONES
#endif

namespace onepass::embed {

ONEPASS_CLONES void add_weighted(const Columns& columns, std::span<const float> weights, float* __restrict sum) {
  const auto [first, size, stride] = columns;
  constexpr auto together = static_cast<std::size_t>(columns_per_pass);
  const float* column = first;
  std::size_t k = 0;
  for (; k + together <= weights.size(); k += together, column += columns_per_pass * stride)
    for (std::ptrdiff_t i = 0; i < size; ++i) {
      float value = sum[i];
#pragma GCC unroll 8
      for (std::size_t j = 0; j < together; ++j) value += weights[k + j] * column[j * stride + i];
      sum[i] = value;
    }
  for (; k < weights.size(); ++k, column += stride) {
    const float weight = weights[k];
    for (std::ptrdiff_t i = 0; i < size; ++i) sum[i] += weight * column[i];
  }
}

}  // namespace onepass::embed
