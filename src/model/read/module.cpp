#include "model/read/module.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

namespace onepass::model {
namespace {

std::optional<int> as_integer(const pickle::Value* value) {
  if (const auto* truth = pickle::get_if<bool>(value)) return *truth ? 1 : 0;
  const auto* number = pickle::get_if<std::int64_t>(value);
  if (!number || *number < std::numeric_limits<int>::min() || *number > std::numeric_limits<int>::max())
    return std::nullopt;
  return static_cast<int>(*number);
}

/// Attributes such as kernel_size are a number or a tuple of equal numbers; other values are not supported.
std::optional<int> as_square(const pickle::Value* value) {
  if (const auto* sequence = pickle::get_if<pickle::Sequence>(value)) {
    std::optional<int> common;
    for (const auto* item : sequence->items) {
      const auto number = as_integer(item);
      if (!number || (common && *common != *number)) return std::nullopt;
      common = number;
    }
    return common;
  }
  return as_integer(value);
}

}  // namespace

std::string Module::type() const {
  const auto name = qualified_type();
  return name.substr(name.rfind('.') + 1);
}

bool Module::has_child(const std::string& name) const {
  const auto* modules = attribute("_modules");
  return modules && pickle::get_if<pickle::Object>(pickle::find(*modules, name));
}

Module Module::child(const std::string& name) const {
  if (!has_child(name)) throw std::runtime_error(fmt::format("{} has no part '{}'", type(), name));
  return {*checkpoint_, *pickle::find(*attribute("_modules"), name)};
}

std::vector<Module> Module::children() const {
  std::vector<Module> result;
  if (const auto* modules = attribute("_modules"))
    for (const auto& [name, module] : pickle::entries_of(*modules))
      if (pickle::get_if<pickle::Object>(module)) result.emplace_back(*checkpoint_, *module);
  return result;
}

int Module::integer(const std::string& name) const {
  const auto number = as_square(attribute(name));
  if (!number)
    throw std::runtime_error(
        fmt::format("{}.{} is not a whole number or a tuple of equal whole numbers", type(), name));
  return *number;
}

int Module::integer_or(const std::string& name, int fallback) const {
  return attribute(name) ? integer(name) : fallback;
}

double Module::number_or(const std::string& name, double fallback) const {
  const auto* value = attribute(name);
  if (const auto* number = pickle::get_if<double>(value)) return *number;
  return as_integer(value).value_or(fallback);
}

bool Module::flag_or(const std::string& name, bool fallback) const {
  return as_integer(attribute(name)).value_or(fallback ? 1 : 0) != 0;
}

std::vector<int> Module::integers(const std::string& name) const {
  const auto* value = attribute(name);
  const auto* sequence = pickle::get_if<pickle::Sequence>(value);
  std::vector<int> result;
  for (const auto* item : sequence ? sequence->items : pickle::Items{value}) {
    const auto number = as_integer(item);
    if (!number) throw std::runtime_error(fmt::format("{}.{} is not a list of whole numbers", type(), name));
    result.push_back(*number);
  }
  return result;
}

Tensor Module::find_tensor(const std::string& name) const {
  for (const auto* group : {"_parameters", "_buffers"}) {
    const auto* tensors = attribute(group);
    const auto* found = tensors ? pickle::find(*tensors, name) : nullptr;
    if (!found) continue;
    if (auto tensor = checkpoint_->tensor(*found); tensor.defined()) return tensor;
  }
  const auto* plain = attribute(name);
  return plain ? checkpoint_->tensor(*plain) : Tensor();
}

std::int64_t Module::parameter_count() const {
  int visits = 0;
  return count_parameters(visits);
}

std::int64_t Module::count_parameters(int& visits) const {
  // A stock network has a few hundred modules; the modules of a damaged file may contain themselves.
  constexpr int most_visits = 20'000;
  const auto parts = children();
  if (parts.size() >= static_cast<std::size_t>(most_visits - visits))
    throw std::runtime_error("has too many modules, or a module that contains itself; the file is damaged");
  visits += static_cast<int>(parts.size()) + 1;
  std::int64_t count = 0;
  if (const auto* parameters = attribute("_parameters"))
    for (const auto& [name, value] : pickle::entries_of(*parameters)) count += checkpoint_->element_count(*value);
  for (const auto& module : parts) count += module.count_parameters(visits);
  return count;
}

Tensor Module::tensor(const std::string& name) const {
  auto found = find_tensor(name);
  if (!found.defined()) throw std::runtime_error(fmt::format("{} has no tensor '{}'", type(), name));
  return found;
}

}  // namespace onepass::model
