#include "cli/errors.hpp"

#include <algorithm>

#include "onepass/setting_error.hpp"

namespace onepass::cli {
namespace {

std::string flag_of(std::string setting) {
  if (setting.find('.') == std::string::npos) std::ranges::replace(setting, '_', '-');
  return "--" + setting;
}

}  // namespace

std::string message_of(const std::exception& error) {
  const auto* of_setting = dynamic_cast<const SettingError*>(&error);
  return of_setting ? of_setting->message() + "; see " + flag_of(of_setting->setting()) : error.what();
}

}  // namespace onepass::cli
