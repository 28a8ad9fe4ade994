// Settings that the numerical libraries read from the environment when they are loaded.
#pragma once

namespace onepass {

/// Sets what keeps the libraries fast and polite, unless the user has set it, and starts the program anew once so
/// that they see it. Returns where nothing is left to set.
void prepare_environment(char** argv);

}  // namespace onepass
