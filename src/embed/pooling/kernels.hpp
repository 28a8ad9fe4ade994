// The inner loops of pooling and whitening, compiled for several instruction sets; the processor decides at run time.
// Matrices are column-major.
#pragma once

#include <cstddef>

namespace onepass::embed {

/// sum += Σ weights[i] · cells[i], over `count` neighboring cells of `channels` values each.
void add_weighted(const float* cells, const float* weights, std::ptrdiff_t count, std::ptrdiff_t channels, float* sum);

/// Adds factor · D·Dᵀ to the lower triangle of a size×size matrix. Column i of D, size×count, starts at
/// columns + i · stride.
void add_outer_products(float* matrix, std::ptrdiff_t size, const float* columns, std::ptrdiff_t count,
                        std::ptrdiff_t stride, float factor);

/// Replaces every column x of a size×count matrix, with the given stride, by L⁻¹x. `lower` is L, size×size; its upper
/// triangle is not read.
void solve_lower(const float* lower, std::ptrdiff_t size, float* columns, std::ptrdiff_t count, std::ptrdiff_t stride);

/// Replaces the lower triangle of a positive definite size×size matrix by its Cholesky factor L.
/// @return false if the matrix is not positive definite; its values are then undefined
bool factorize_lower(float* matrix, std::ptrdiff_t size);

/// matrix += factor · U·Uᵀ in the lower triangle, for an upper triangular size×size matrix U.
void add_upper_products(float* matrix, std::ptrdiff_t size, const float* upper, float factor);

/// Replaces every column x of a size×count matrix, with the given stride, by U·x, for an upper triangular matrix U.
void multiply_upper(const float* upper, std::ptrdiff_t size, float* columns, std::ptrdiff_t count,
                    std::ptrdiff_t stride);

}  // namespace onepass::embed
