// Reads files written by torch.save: a pickled object tree and the tensors it refers to.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "model/graph/tensor.hpp"

#include "model/read/pickle.hpp"

namespace onepass::model {

class Checkpoint {
 public:
  /// @throws std::runtime_error if the file is not a checkpoint, or names classes that no stock model uses.
  explicit Checkpoint(const std::filesystem::path& path);
  ~Checkpoint();
  Checkpoint(Checkpoint&&) noexcept;
  Checkpoint& operator=(Checkpoint&&) noexcept;

  const pickle::Value& root() const;

  /// The tensor or parameter that `value` represents, as contiguous float32; undefined if it is not a tensor.
  /// @throws std::runtime_error if the tensor exceeds its storage, or the storage exceeds the file.
  Tensor tensor(const pickle::Value& value) const;

  /// Number of elements that tensor() would return, without reading them; 0 if `value` is not a tensor.
  std::int64_t element_count(const pickle::Value& value) const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace onepass::model
