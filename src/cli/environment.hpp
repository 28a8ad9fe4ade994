// Settings that the numerical libraries read from the environment when they are loaded.
#pragma once

namespace onepass {

/// Sets what keeps the libraries fast and polite while a network runs, unless the user has set it, and starts the
/// program anew once so that they see it. Returns where nothing is left to set, or where no --model is given: the other
/// commands start twice as fast without it.
void prepare_environment(char** argv);

}  // namespace onepass
