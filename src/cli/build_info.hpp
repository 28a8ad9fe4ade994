// What this program was built from and with.
#pragma once

#include <string>

namespace onepass {

struct BuildInfo {
  std::string version;       ///< of onepass
  std::string git_revision;  ///< commit, with "-dirty" where files differed from it; "unknown" without git
  std::string compiler;
  std::string opencv;    ///< the one that is loaded
  std::string libtorch;  ///< the one that was compiled against
};

BuildInfo build_info();

}  // namespace onepass
