// onepass stitch: joins the pieces of a long source, which onepass track --split has tracked.
#pragma once

#include <CLI/CLI.hpp>

namespace onepass::cli {

void add_stitch_command(CLI::App& app);

}  // namespace onepass::cli
