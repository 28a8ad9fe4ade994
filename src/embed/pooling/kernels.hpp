// The inner loop of pooling and whitening, compiled for several instruction sets; the processor decides at run time.
#pragma once

#include <cstddef>
#include <span>

namespace onepass::embed {

/// Columns that add_weighted() adds in one pass, so that the sum is loaded and stored once for all of them.
inline constexpr std::ptrdiff_t columns_per_pass = 8;

/// Columns of equal length: column k has `size` values from first + k · stride on.
struct Columns {
  const float* first;
  std::ptrdiff_t size;
  std::ptrdiff_t stride;
};

/// sum += Σ weights[k] · column k. The sum has as many values as a column, and overlaps none of them.
void add_weighted(const Columns& columns, std::span<const float> weights, float* sum);

}  // namespace onepass::embed
