// Sets environment variables that the numerical libraries read when they are loaded, for commands that run a network.
//
// The libraries read these variables before main() starts. If variables are missing, the program therefore adds them
// and executes itself again. It does so in .preinit_array, which runs before the initializers of the libraries:
// LibTorch's registrations alone take half a second. Only plain system calls are safe there. Variables that the user
// has set are not changed.
#include <sys/auxv.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <string_view>

namespace {

bool runs_a_network(char** argv) {
  for (char** argument = argv; *argument; ++argument)
    if (std::string_view(*argument).starts_with("--model")) return true;
  return false;
}

/// A copy of the environment to which variables can be added, without dynamic memory.
class Environment {
 public:
  explicit Environment(char** given) {
    while (*given && size_ < most) variables_[size_++] = *given++;
    fits_ = !*given;
  }

  /// @param name variable name followed by "="
  bool has(std::string_view name) const {
    for (std::size_t i = 0; i < size_; ++i)
      if (std::string_view(variables_[i]).starts_with(name)) return true;
    return false;
  }

  void add(const char* variable) {
    fits_ = fits_ && size_ < most;
    if (fits_) variables_[size_++] = const_cast<char*>(variable);
    changed_ = true;
  }

  bool is_new() const { return changed_ && fits_; }
  char* const* data() const { return variables_.data(); }

 private:
  static constexpr std::size_t most = 4000;
  std::array<char*, most + 1> variables_{};
  std::size_t size_ = 0;
  bool fits_ = true;
  bool changed_ = false;
};

void start_with_settings(int /*argc*/, char** argv, char** given) {
  const bool through_loader = getauxval(AT_BASE) == 0;  // then /proc/self/exe is the loader, not onepass
  if (through_loader || !runs_a_network(argv)) return;
  Environment environment(given);
  // OpenMP threads should spin between two primitives, because waking them would take a quarter of the network's time.
  // They should not spin for long, because decoding and other processes need the cores. 1000 is the spin count that
  // libgomp itself uses for an active wait policy with more threads than cores.
  if (!environment.has("OMP_WAIT_POLICY=") && !environment.has("GOMP_SPINCOUNT="))
    environment.add("GOMP_SPINCOUNT=1000");
#if defined(__x86_64__)
  // OpenBLAS up to 0.3.21 does not recognize recent server processors and falls back to kernels from 2004.
  __builtin_cpu_init();
  const bool has_avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl");
  if (has_avx512 && !environment.has("OPENBLAS_CORETYPE=")) environment.add("OPENBLAS_CORETYPE=SkylakeX");
#endif
  if (environment.is_new()) execve("/proc/self/exe", argv, environment.data());  // if it fails, the defaults apply
}

[[gnu::section(".preinit_array"), gnu::used]] void (*const before_libraries)(int, char**, char**) = start_with_settings;

}  // namespace
