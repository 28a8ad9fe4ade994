#include "cli/benchmark/build_info.hpp"

#include <opencv2/core/utility.hpp>

#include "git_revision.hpp"

namespace onepass::cli {

BuildInfo build_info() {
  return {.version = ONEPASS_VERSION,
          .git_revision = ONEPASS_GIT_REVISION,
          .compiler = ONEPASS_COMPILER,
          .opencv = cv::getVersionString(),
          .libtorch = ONEPASS_TORCH_VERSION,
          .openvino = ONEPASS_OPENVINO_VERSION};
}

}  // namespace onepass::cli
