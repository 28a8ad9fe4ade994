// A file written by torch.save: a pickled object tree, and the tensors it mentions.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include <ATen/core/Tensor.h>

#include "model/pickle.hpp"

namespace onepass {

class Checkpoint {
 public:
  /// @throws std::runtime_error if this is no such file or asks for something other than a model.
  explicit Checkpoint(const std::filesystem::path& path);
  ~Checkpoint();
  Checkpoint(Checkpoint&&) noexcept;
  Checkpoint& operator=(Checkpoint&&) noexcept;

  const pickle::Value& root() const;

  /// The tensor or parameter that `value` stands for, as contiguous float32; undefined if it stands for none.
  /// @throws std::runtime_error if it reaches beyond its storage, or its storage beyond the file.
  at::Tensor tensor(const pickle::Value& value) const;

  /// How many numbers tensor() would return, without reading them; 0 if it stands for no tensor.
  std::int64_t element_count(const pickle::Value& value) const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace onepass
