#include "cli/output_claims.hpp"

#include <filesystem>

#include "cli/errors.hpp"

namespace onepass::cli {

namespace fs = std::filesystem;

void OutputClaims::claim(const std::string& path, Overwrite overwrite) {
  if (path.empty()) return;
  if (path == "-") {
    if (!claimed_.insert(path).second) throw UsageError("only one output can be '-' (standard output)");
    return;
  }
  if (!claimed_.insert(fs::absolute(path).lexically_normal()).second)
    throw UsageError(path + ": two outputs would be written to this file");
  for (const auto& input : inputs_) {
    std::error_code none;
    if (fs::equivalent(input, path, none)) throw UsageError(path + ": this output is also an input");
  }
  if (overwrite == Overwrite::refuse && fs::is_regular_file(path))
    throw UsageError(path + ": this file already exists; use --overwrite to replace it");
}

}  // namespace onepass::cli
