// Starts the Python interpreter for scripts that are part of this program.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace onepass::io {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
/// A file in memory: unlike a pipe, it needs no reading and writing at the same time.
using MemoryFile = std::unique_ptr<std::FILE, CloseFile>;

/// @throws std::system_error
MemoryFile open_memory(const std::string& content = "");

std::size_t size_of(const MemoryFile& file);

/// Returns the last bytes of the file, at most `most`.
std::string end_of(const MemoryFile& file, std::size_t most);

/// Descriptors that become the standard streams of a process.
struct ProcessStreams {
  int in = -1;
  int out = -1;
  int err = -1;
};

/// Whether a process gets Ctrl-C of the terminal together with this one, or is in a group of its own.
enum class ProcessGroup { shared, own };

/// Returns the command that runs a script with /usr/bin/python3, or the interpreter named by the environment variable
/// ONEPASS_PYTHON, isolated (-I): it imports nothing from the working directory, PYTHONPATH or the user's own packages.
std::vector<std::string> python_command(const std::string& script, const std::vector<std::string>& arguments);

/// Starts a command without a shell.
/// @throws std::runtime_error if it cannot be started.
pid_t start_process(const std::vector<std::string>& command, const ProcessStreams& streams, ProcessGroup group);

/// Throws why a process failed.
/// @param status as waitpid() gives it
/// @param err its standard error, whose last line (at most 1000 bytes) is the message
/// @throws std::runtime_error
[[noreturn]] void throw_failure(const std::string& name, int status, const MemoryFile& err);

}  // namespace onepass::io
