// Provides access to the recorded attributes of a module (layer or block) of a checkpoint's network.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/read/checkpoint.hpp"

namespace onepass::model {

/// A view of a module; the checkpoint must outlive it.
class Module {
 public:
  Module(const Checkpoint& checkpoint, const pickle::Value& value) : checkpoint_(&checkpoint), value_(&value) {}

  /// Class name without its Python module, such as "Conv".
  std::string type() const;
  std::string qualified_type() const { return pickle::qualified_type(*value_); }

  bool has_child(const std::string& name) const;
  /// @throws std::runtime_error if there is no such child.
  Module child(const std::string& name) const;
  std::vector<Module> children() const;

  /// A whole number, or the common value of a tuple of equal whole numbers.
  /// @throws std::runtime_error if the attribute is missing or has another type.
  int integer(const std::string& name) const;
  int integer_or(const std::string& name, int fallback) const;
  double number_or(const std::string& name, double fallback) const;
  bool flag_or(const std::string& name, bool fallback) const;
  /// The whole numbers of a list, or a single whole number as a list of one.
  std::vector<int> integers(const std::string& name) const;

  /// The parameter, buffer or plain attribute of this name; undefined if there is none.
  Tensor find_tensor(const std::string& name) const;
  /// @throws std::runtime_error if there is none.
  Tensor tensor(const std::string& name) const;

  /// Number of elements in the parameters (not the buffers) of this module and all its descendants.
  std::int64_t parameter_count() const;

  const pickle::Value* attribute(const std::string& name) const { return pickle::attribute(*value_, name); }

 private:
  std::int64_t count_parameters(int& visits) const;

  const Checkpoint* checkpoint_;
  const pickle::Value* value_;
};

}  // namespace onepass::model
