#include "embed/pooling/kernels.hpp"

// Thread and address sanitizers do not support the resolvers of target_clones.
#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define ONEPASS_CLONES __attribute__((target_clones("avx512f", "arch=haswell", "default")))
#else
#define ONEPASS_CLONES
#endif

namespace onepass::embed {

ONEPASS_CLONES void add_weighted(const float* cells, const float* weights, std::ptrdiff_t count,
                                 std::ptrdiff_t channels, float* __restrict sum) {
  for (std::ptrdiff_t i = 0; i < count; ++i, cells += channels) {
    const float weight = weights[i];
    for (std::ptrdiff_t c = 0; c < channels; ++c) sum[c] += weight * cells[c];
  }
}

ONEPASS_CLONES void add_outer_products(float* __restrict matrix, std::ptrdiff_t size, const float* columns,
                                       std::ptrdiff_t count, std::ptrdiff_t stride, float factor) {
  for (std::ptrdiff_t j = 0; j < size; ++j, matrix += size)
    for (std::ptrdiff_t k = 0; k < count; ++k) {
      const float* column = columns + k * stride;
      const float scaled = factor * column[j];
      for (std::ptrdiff_t i = j; i < size; ++i) matrix[i] += scaled * column[i];
    }
}

ONEPASS_CLONES void solve_lower(const float* lower, std::ptrdiff_t size, float* __restrict columns,
                                std::ptrdiff_t count, std::ptrdiff_t stride) {
  for (std::ptrdiff_t j = 0; j < size; ++j, lower += size)
    for (std::ptrdiff_t k = 0; k < count; ++k) {
      float* column = columns + k * stride;
      const float solved = column[j] /= lower[j];
      for (std::ptrdiff_t i = j + 1; i < size; ++i) column[i] -= solved * lower[i];
    }
}

}  // namespace onepass::embed
