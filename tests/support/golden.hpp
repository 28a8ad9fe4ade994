// Reads golden files of tools/models/make_test_models.py: tensors computed by PyTorch, and their input image.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace onepass::test {

using Golden = std::map<std::string, at::Tensor>;

Golden read_golden(const std::filesystem::path& path);

/// The layers whose outputs the file has.
std::vector<int> layers_in(const Golden& golden);

/// The fixed texture 1×3×height×width in [0, 1] that is the input of the golden tensors.
at::Tensor pattern(int height, int width);

/// Largest absolute difference; infinite if the shapes differ.
double largest_difference(const at::Tensor& a, const at::Tensor& b);

}  // namespace onepass::test
