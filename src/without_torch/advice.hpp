// What to do about a build that runs no models.
#pragma once

namespace onepass {

inline constexpr const char* without_torch_advice =
    "this build of onepass has no LibTorch and runs no models; install libtorch-dev and configure with "
    "-DONEPASS_WITH_TORCH=ON";

}  // namespace onepass
