#include "cli/parameters.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/errors.hpp"
#include "cli/progress.hpp"
#include "config/fields.hpp"
#include "core/nearest_name.hpp"

namespace onepass::cli {
namespace {

std::string flag_names(const config::Group& group, const config::Field& field, const ParameterScope& scope) {
  const std::string full_name = group.name + "." + field.name;
  const bool has_short_flag = field.has_short_flag || std::ranges::count(scope.short_names, full_name) > 0;
  return (has_short_flag ? "--" + config::short_flag_of(field) + "," : "") + "--" + full_name;
}

std::string default_text(const config::Field& field) {
  const auto value = field.write();
  return value.IsScalar() && !value.Scalar().empty() ? " Default: " + value.Scalar() + "." : "";
}

}  // namespace

Config Parameters::config() const {
  auto config = defaults;
  for (const auto& file : config_files) {
    for (const auto& note : apply_yaml(config, file)) print_line("onepass: " + note);
  }
  for (const auto& [name, value] : settings) {
    try {
      apply_setting(config, name, value);
    } catch (const std::invalid_argument& error) {
      throw UsageError(fmt::format("--{}", error.what()));
    }
  }
  return config;
}

void add_stream_option(CLI::App& command, std::optional<int>& stream) {
  command
      .add_option(
          "--stream", stream,
          "Number of the video stream of a file or URL, from 0 as ffprobe counts (default: the film, not a cover "
          "or preview)")
      ->type_name("N")
      ->check(CLI::Range(0, 1000000));
}

std::shared_ptr<Parameters> add_parameters(CLI::App& command, const ParameterScope& scope) {
  auto parameters = std::make_shared<Parameters>();
  parameters->defaults = scope.defaults;
  command
      .add_option(
          "--config", parameters->config_files,
          "YAML configuration file, name of a built-in configuration such as bytetrack, or tracker file of Ultralytics "
          "or BoxMOT; repeatable, later files override earlier ones. onepass config --reference "
          "describes all parameters")
      ->type_name("FILE")
      ->group("Parameters");
  auto defaults = scope.defaults;
  for (const auto& group : config::groups_of(defaults)) {
    if (std::ranges::count(scope.sections, group.name) == 0) continue;
    for (const auto& field : group.fields) {
      const auto full_name = group.name + "." + field.name;
      command
          .add_option_function<std::string>(
              flag_names(group, field, scope),
              [parameters, full_name](const std::string& value) { parameters->settings[full_name] = value; },
              config::description(field) + default_text(field))
          ->type_name(field.type == config::FieldType::list ? "LIST" : "")
          ->group(fmt::format("Parameters: {}{}", group.name, field.topic.empty() ? "" : ", " + field.topic));
    }
  }
  return parameters;
}

CLI::Validator one_of(const std::vector<std::string>& words) {
  const auto check = [words](const std::string& given) {
    if (std::ranges::find(words, given) != words.end()) return std::string();
    return fmt::format("'{}' is not one of {}{}", given, fmt::join(words, ", "), did_you_mean(given, words));
  };
  return {check, fmt::format("{}", fmt::join(words, "|"))};
}

}  // namespace onepass::cli
