// Declares the command that converts between file formats.
#pragma once

#include <CLI/CLI.hpp>

namespace onepass::cli {

void add_convert_command(CLI::App& app);

}  // namespace onepass::cli
