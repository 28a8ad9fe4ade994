// Turns messages of OpenVINO, which have many lines, into errors of one line.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string_view>

namespace onepass::model {

/// The last line of the message: the reason. Those before it name places in OpenVINO's source.
std::runtime_error in_one_line(std::string_view message);

/// The reason why a model file cannot be read, and what to do.
std::runtime_error unreadable(std::string_view message, const std::filesystem::path& path);

}  // namespace onepass::model
