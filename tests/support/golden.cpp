#include "support/golden.hpp"

#include <fstream>
#include <limits>
#include <stdexcept>

#include <ATen/ATen.h>
#include <nlohmann/json.hpp>

namespace onepass::test {

Golden read_golden(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string listing;
  if (!std::getline(file, listing)) throw std::runtime_error("cannot read " + path.string());
  Golden golden;
  for (const auto& entry : nlohmann::json::parse(listing)) {
    auto tensor = at::empty(entry.at("shape").get<std::vector<std::int64_t>>(), at::dtype(at::kFloat));
    if (!file.read(static_cast<char*>(tensor.data_ptr()), static_cast<std::streamsize>(tensor.nbytes())))
      throw std::runtime_error(path.string() + " ends early");
    golden[entry.at("name").get<std::string>()] = tensor;
  }
  return golden;
}

std::vector<int> layers_in(const Golden& golden) {
  std::vector<int> layers;
  for (const auto& [name, tensor] : golden)
    if (name.starts_with("layer ")) layers.push_back(std::stoi(name.substr(6)));
  return layers;
}

at::Tensor pattern(int height, int width) {
  auto image = at::empty({1, 3, height, width});
  auto* pixel = image.data_ptr<float>();
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        *pixel++ = static_cast<float>((x * 37 + y * 101 + c * 53 + x * y * 7) % 256) / 255.0F;
  return image;
}

double largest_difference(const at::Tensor& a, const at::Tensor& b) {
  if (!a.defined() || !b.defined() || a.sizes() != b.sizes()) return std::numeric_limits<double>::infinity();
  return (a - b).abs().max().item<double>();
}

}  // namespace onepass::test
