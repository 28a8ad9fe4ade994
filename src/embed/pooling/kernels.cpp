#include "embed/pooling/kernels.hpp"

#include <cmath>

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

ONEPASS_CLONES bool factorize_lower(float* __restrict matrix, std::ptrdiff_t size) {
  for (std::ptrdiff_t j = 0; j < size; ++j) {
    float* column = matrix + j * size;
    if (!(column[j] > 0)) return false;
    const float scale = 1 / std::sqrt(column[j]);
    for (std::ptrdiff_t i = j; i < size; ++i) column[i] *= scale;
    for (std::ptrdiff_t k = j + 1; k < size; ++k) {
      float* rest = matrix + k * size;
      const float factor = column[k];
      for (std::ptrdiff_t i = k; i < size; ++i) rest[i] -= factor * column[i];
    }
  }
  return true;
}

ONEPASS_CLONES void add_upper_products(float* __restrict matrix, std::ptrdiff_t size, const float* upper,
                                       float factor) {
  for (std::ptrdiff_t j = 0; j < size; ++j, matrix += size)
    for (std::ptrdiff_t k = j; k < size; ++k) {
      const float* column = upper + k * size;
      const float scaled = factor * column[j];
      for (std::ptrdiff_t i = j; i <= k; ++i) matrix[i] += scaled * column[i];
    }
}

ONEPASS_CLONES void multiply_upper(const float* upper, std::ptrdiff_t size, float* __restrict columns,
                                   std::ptrdiff_t count, std::ptrdiff_t stride) {
  for (std::ptrdiff_t j = 0; j < size; ++j, upper += size)
    for (std::ptrdiff_t k = 0; k < count; ++k) {
      float* column = columns + k * stride;
      const float value = column[j];
      for (std::ptrdiff_t i = 0; i < j; ++i) column[i] += value * upper[i];
      column[j] = value * upper[j];
    }
}

}  // namespace onepass::embed
