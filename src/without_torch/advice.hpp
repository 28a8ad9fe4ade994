// Error text for features that need LibTorch, in a build without it.
#pragma once

namespace onepass {

inline constexpr const char* without_torch_advice =
    "this build of onepass has no LibTorch and cannot run models; install libtorch-dev and configure with "
    "-DONEPASS_WITH_TORCH=ON";

}  // namespace onepass
