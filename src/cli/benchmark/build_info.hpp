// Provides the versions of this program, its compiler and its libraries.
#pragma once

#include <string>

namespace onepass::cli {

struct BuildInfo {
  std::string version;       ///< version of onepass
  std::string git_revision;  ///< commit, with "-dirty" if files differed from it; "unknown" without git
  std::string compiler;
  std::string opencv;    ///< version loaded at run time
  std::string libtorch;  ///< version compiled against
  std::string openvino;  ///< version compiled against, or none
};

BuildInfo build_info();

}  // namespace onepass::cli
