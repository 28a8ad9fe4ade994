#include "model/run/device.hpp"

#include <charconv>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

namespace onepass::model {

std::string Device::name() const { return cuda ? fmt::format("cuda:{}", index) : "cpu"; }

Device parse_device(const std::string& name) {
  if (name == "cpu") return {};
  if (name == "cuda") return {.cuda = true};
  constexpr std::string_view prefix = "cuda:";
  if (name.starts_with(prefix)) {
    Device device{.cuda = true};
    const char* const end = name.data() + name.size();
    const auto [rest, error] = std::from_chars(name.data() + prefix.size(), end, device.index);
    if (error == std::errc() && rest == end && device.index >= 0) return device;
  }
  throw std::runtime_error(fmt::format("device '{}' is not one of cpu, cuda, cuda:N", name));
}

}  // namespace onepass::model
