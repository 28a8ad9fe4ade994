#include "cli/errors.hpp"

#include <algorithm>
#include <cctype>
#include <regex>

#include "onepass/setting_error.hpp"

namespace onepass::cli {
namespace {

std::string flag_of(std::string setting) {
  if (setting.find('.') == std::string::npos) std::ranges::replace(setting, '_', '-');
  return "--" + setting;
}

/// The command that lists what the setting accepts, as " and onepass ..."; "" if there is none.
std::string listing_of(const std::string& setting) {
  return setting == "embed.layers" ? " and onepass inspect --model FILE" : "";
}

std::string flag_in(const std::string& word) { return word.substr(0, word.find('=')); }

bool is_short_flag(const std::string& flag) {
  return flag.size() > 2 && flag.starts_with("--") &&
         std::all_of(flag.begin() + 2, flag.end(), [](unsigned char c) { return c == '-' || std::isalnum(c) != 0; });
}

}  // namespace

std::string message_of(const std::exception& error) {
  const auto* of_setting = dynamic_cast<const SettingError*>(&error);
  if (!of_setting) return error.what();
  const auto& setting = of_setting->setting();
  return of_setting->message() + "; see " + flag_of(setting) + listing_of(setting);
}

std::string with_typed_flags(std::string message, std::span<const std::string> words) {
  for (const auto& word : words) {
    const auto flag = flag_in(word);
    if (!is_short_flag(flag)) continue;
    auto name = flag.substr(2);
    std::ranges::replace(name, '-', '_');
    std::smatch full;
    if (!std::regex_search(message, full, std::regex("--[a-z]+\\." + name + "(?![a-z0-9_.])"))) continue;
    if (std::ranges::find(words, full.str(), flag_in) != words.end()) continue;
    message.replace(static_cast<std::size_t>(full.position()), static_cast<std::size_t>(full.length()), flag);
  }
  return message;
}

}  // namespace onepass::cli
