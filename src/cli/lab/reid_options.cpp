#include "cli/lab/reid_options.hpp"

#include <charconv>

#include <fmt/format.h>

#include "cli/commands.hpp"

namespace onepass::cli {
namespace {

constexpr int largest_side = 4096;

/// Parses "128x256" as width and height; an empty string gives an empty size.
cv::Size parse_size(const std::string& text) {
  if (text.empty()) return {};
  cv::Size size;
  const char* const end = text.data() + text.size();
  const auto width = std::from_chars(text.data(), end, size.width);
  if (width.ec == std::errc() && width.ptr != end && *width.ptr == 'x') {
    const auto height = std::from_chars(width.ptr + 1, end, size.height);
    const bool complete = height.ec == std::errc() && height.ptr == end;
    if (complete && size.width > 0 && size.height > 0 && std::max(size.width, size.height) <= largest_side) return size;
  }
  throw UsageError(fmt::format("--reid-size '{}' is not WIDTHxHEIGHT in pixels, such as 128x256", text));
}

}  // namespace

CLI::Option* add_reid_options(CLI::App& command, ReidArguments& arguments) {
  auto* option = command
                     .add_option("--reid", arguments.models,
                                 "Dedicated re-identification network (ONNX) that runs on crops; repeatable")
                     ->type_name("FILE");
  command
      .add_option("--reid-size", arguments.size,
                  "Input size of the network if the file does not specify it, such as 128x256")
      ->type_name("WxH")
      ->needs(option);
  return option;
}

std::vector<lab::ReidNetwork> open_reid(const ReidArguments& arguments) {
  std::vector<lab::ReidNetwork> networks;
  for (const auto& model : arguments.models) networks.emplace_back(lab::ReidOptions{model, parse_size(arguments.size)});
  return networks;
}

}  // namespace onepass::cli
